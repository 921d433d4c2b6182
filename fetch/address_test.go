package fetch

import (
	"errors"
	"net/netip"
	"testing"
)

func TestPublic(t *testing.T) {
	tests := []struct {
		ip   string
		want bool
	}{
		{"8.8.8.8", true}, {"1.1.1.1", true}, {"172.15.255.255", true}, {"172.32.0.1", true},
		{"100.63.255.255", true}, {"100.128.0.0", true}, {"223.255.255.255", true},
		{"198.17.255.255", true}, {"198.20.0.0", true}, {"192.0.1.1", true}, {"169.253.255.255", true},
		{"2606:4700::1111", true}, {"2a00:1450::1", true}, {"2001:4860:4860::8888", true},
		{"::ffff:8.8.8.8", true}, {"64:ff9b::8.8.8.8", true},

		{"0.0.0.0", false}, {"0.1.2.3", false}, {"127.0.0.1", false}, {"127.255.255.254", false},
		{"10.0.0.1", false}, {"172.16.0.1", false}, {"172.31.255.255", false}, {"192.168.1.1", false},
		{"169.254.169.254", false}, {"100.64.0.1", false}, {"100.127.255.255", false},
		{"192.0.0.8", false}, {"192.0.2.1", false}, {"198.51.100.1", false}, {"203.0.113.1", false},
		{"198.18.0.1", false}, {"198.19.255.255", false}, {"192.88.99.1", false},
		{"224.0.0.1", false}, {"239.255.255.255", false}, {"240.0.0.1", false}, {"255.255.255.255", false},
		{"::", false}, {"::1", false}, {"::127.0.0.1", false}, {"fe80::1", false}, {"fe80::1%eth0", false},
		{"fec0::1", false}, {"fc00::1", false}, {"fd12:3456::1", false}, {"ff02::1", false}, {"100::1", false},
		{"::ffff:127.0.0.1", false}, {"::ffff:10.0.0.1", false}, {"::ffff:169.254.169.254", false},
		{"64:ff9b::127.0.0.1", false}, {"64:ff9b::10.0.0.1", false}, {"64:ff9b:1::8.8.8.8", false},
		{"2001:db8::1", false}, {"3fff::1", false}, {"2001:2::1", false}, {"2001::1", false},
		{"2002:7f00:1::1", false},
	}
	for _, tt := range tests {
		if got := public(netip.MustParseAddr(tt.ip)); got != tt.want {
			t.Errorf("public(%s) = %v", tt.ip, got)
		}
	}
	if public(netip.Addr{}) {
		t.Error("no address at all is public")
	}
}

func TestControl(t *testing.T) {
	tests := []struct {
		network, address string
		ok               bool
	}{
		{"tcp4", "8.8.8.8:80", true},
		{"tcp6", "[2606:4700::1111]:443", true},
		{"tcp4", "127.0.0.1:80", false},
		{"tcp6", "[::ffff:10.0.0.1]:80", false},
		{"tcp6", "[fe80::1%eth0]:80", false},
		{"udp4", "8.8.8.8:53", false},
		{"unix", "/run/socket", false},
		{"tcp4", "8.8.8.8", false},
		{"tcp4", "host.example:80", false},
	}
	for _, tt := range tests {
		err := control(tt.network, tt.address, nil)
		if (err == nil) != tt.ok || err != nil && !errors.Is(err, errPrivate) {
			t.Errorf("control(%s, %s) = %v", tt.network, tt.address, err)
		}
	}
}

func TestParse(t *testing.T) {
	tests := []struct{ in, want string }{
		{"http://a.example", "http://a.example"},
		{" https://a.example/x?y=1#z ", "https://a.example/x?y=1#z"},
		{"HTTP://a.example:8080/", "http://a.example:8080/"},
		{"http://name:word@a.example/", "http://a.example/"},
		{"ftp://a.example/", ""}, {"file:///etc/passwd", ""}, {"javascript:alert(1)", ""},
		{"mailto:a@a.example", ""}, {"a.example/x", ""}, {"//a.example/x", ""}, {"", ""},
		{"http://", ""}, {"http:///x", ""}, {"http://:80/", ""}, {"http://a.example:0/", ""},
		{"http://a.example:70000/", ""}, {"http://a.example:x/", ""}, {"http://a.example/\x00", ""},
		{"http:a.example", ""},
	}
	for _, tt := range tests {
		u, err := parse(tt.in)
		got := ""
		if err == nil {
			got = u.String()
		}
		if got != tt.want {
			t.Errorf("parse(%q) = %q, %v; want %q", tt.in, got, err, tt.want)
		}
	}
}

func TestOneNameForAHost(t *testing.T) {
	for _, address := range []string{"http://bücher.example/", "http://BÜCHER.example:80/x", "http://xn--bcher-kva.example./"} {
		u, err := parse(address)
		if err != nil {
			t.Fatal(err)
		}
		if got := originOf(u); got != "http://xn--bcher-kva.example:80" {
			t.Errorf("originOf(%s) = %s", address, got)
		}
	}
}

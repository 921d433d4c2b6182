package fetch

import (
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/net/idna"
)

// errPrivate refuses to dial an address that is not of the public internet.
var errPrivate = &problem{Refused, "private address"}

// closed4 are the IPv4 networks that are not of the public internet: IANA's
// registry of special purposes, and multicast.
var closed4 = prefixes("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
	"172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15",
	"198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4")

// closed6 are such networks within open6. Teredo (in 2001::/23) and 6to4
// (2002::/16) are among them because they carry IPv4 addresses of any kind.
var closed6 = prefixes("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")

var (
	open6 = netip.MustParsePrefix("2000::/3") // all that is given out for use on the internet
	nat64 = netip.MustParsePrefix("64:ff9b::/96")
)

func prefixes(texts ...string) []netip.Prefix {
	var list []netip.Prefix
	for _, text := range texts {
		list = append(list, netip.MustParsePrefix(text))
	}
	return list
}

// public says whether an address belongs to the public internet. An IPv4
// address inside an IPv6 one counts as itself.
func public(ip netip.Addr) bool {
	ip = ip.WithZone("").Unmap()
	if nat64.Contains(ip) {
		b := ip.As16()
		ip = netip.AddrFrom4([4]byte(b[12:]))
	}
	closed := closed4
	if !ip.Is4() {
		if !open6.Contains(ip) {
			return false
		}
		closed = closed6
	}
	for _, p := range closed {
		if p.Contains(ip) {
			return false
		}
	}
	return true
}

// control looks at the address that is really dialled, after the name was
// resolved, so that a name cannot change its address in between.
func control(network, address string, _ syscall.RawConn) error {
	if network != "tcp4" && network != "tcp6" {
		return errPrivate
	}
	at, err := netip.ParseAddrPort(address)
	if err != nil || !public(at.Addr()) {
		return errPrivate
	}
	return nil
}

// parse reads an address of the web. It leaves out a user name and password:
// we send none, and they must not end in a report.
func parse(address string) (*url.URL, error) {
	none := &problem{Refused, "not an address of the web"}
	if len(address) > maxAddress {
		return nil, none
	}
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
		return nil, none
	}
	if port := u.Port(); port != "" {
		if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
			return nil, none
		}
	}
	u.User = nil
	return u, nil
}

// bare gives the address as it is asked for, without its fragment.
func bare(u *url.URL) string {
	short := *u
	short.Fragment, short.RawFragment = "", ""
	return short.String()
}

// hostOf gives one spelling to all spellings of a host's name.
func hostOf(u *url.URL) string {
	name := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	if ascii, err := idna.Lookup.ToASCII(name); err == nil {
		return ascii
	}
	return name
}

// originOf names the scheme, host and port that one robots.txt speaks for.
func originOf(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	return u.Scheme + "://" + hostOf(u) + ":" + port
}

package access

// Provider is an identity provider of OpenID Connect.
type Provider struct {
	Name   string // in addresses and rules: "iom"
	Issuer string
}

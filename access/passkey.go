package access

// Keys is where passkeys are good for.
type Keys struct{}

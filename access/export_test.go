package access

import (
	"fmt"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"
)

// HashWith makes the hash of a password with other costs than today's.
func HashWith(password string, memory, passes uint32) string {
	salt := []byte("0123456789abcdef")
	key := argon2.IDKey([]byte(norm.NFKC.String(password)), salt, passes, memory, 1, argonHash)
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=1$%s$%s", argon2.Version, memory, passes, b64.EncodeToString(salt), b64.EncodeToString(key))
}

package vocabulary

import "testing"

func TestLoads(t *testing.T) {
	if _, err := Load(nil); err != nil {
		t.Fatal(err)
	}
}

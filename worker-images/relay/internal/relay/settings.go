package relay

import (
	"crypto/x509"
	"errors"
	"fmt"
	"net"
)

// Settings of a relay. docs/relay-protocol.md says what they mean.
type Settings struct {
	Socket    string
	Server    string
	CA        *x509.CertPool
	TokenFile string
	Version   string
}

// maxSocket is what the kernel has room for in an address.
const maxSocket = 107

// FromEnvironment reads the settings, or names the one that is wrong.
func FromEnvironment(getenv func(string) string, version string) (Settings, error) {
	or := func(name, fallback string) string {
		if value := getenv(name); value != "" {
			return value
		}
		return fallback
	}
	settings := Settings{
		Socket:    or("PODWORK_SOCKET", "/podwork/relay.sock"),
		Server:    getenv("PODWORK_SERVER"),
		CA:        x509.NewCertPool(),
		TokenFile: or("PODWORK_TOKEN_FILE", "/var/run/secrets/podwork/token"),
		Version:   version,
	}
	if len(settings.Socket) > maxSocket {
		return settings, fmt.Errorf("PODWORK_SOCKET: a path of %d bytes; a Unix socket takes %d", len(settings.Socket), maxSocket)
	}
	if _, _, err := net.SplitHostPort(settings.Server); err != nil {
		return settings, fmt.Errorf("PODWORK_SERVER must be host:port of the context server: %w", err)
	}
	if !settings.CA.AppendCertsFromPEM([]byte(getenv("PODWORK_SERVER_CA"))) {
		return settings, errors.New("PODWORK_SERVER_CA must hold the PEM text of the context server's CA")
	}
	return settings, nil
}

package main

import (
	"bufio"
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"podwork.dev/relay/internal/fakeserver"
	"podwork.dev/relay/internal/relay"
	"podwork.dev/relay/internal/wire"
)

var somePod = pod{Namespace: "ns", Name: "job-1", UID: "u-1", Account: account{Name: "default", UID: "a-1"}}

func newKey(t *testing.T) *rsa.PrivateKey {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func newPlayer(t *testing.T, server *fakeserver.Server) player {
	t.Helper()
	server, err := fakeserver.Start(server)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Stop)
	tokens, err := newIssuer("https://issuer", newKey(t))
	if err != nil {
		t.Fatal(err)
	}
	environment := map[string]string{"PODWORK_SERVER": server.Address(), "PODWORK_SERVER_CA": string(server.CA)}
	settings, err := relay.FromEnvironment(func(name string) string { return environment[name] }, "test")
	if err != nil {
		t.Fatal(err)
	}
	return player{server: settings, tokens: tokens}
}

func outcomes(t *testing.T, p player, pods string) string {
	t.Helper()
	var said bytes.Buffer
	if err := playAll(p, bufio.NewScanner(strings.NewReader(pods)), json.NewEncoder(&said)); err != nil {
		t.Fatal(err)
	}
	return said.String()
}

func TestAWorkersWholeSession(t *testing.T) {
	server := &fakeserver.Server{}
	p := newPlayer(t, server)
	server.Send(wire.Msg, `{"jsonrpc":"2.0","id":1,"method":"execute","params":{"job":{"id":"j","data":{"n":[7,null]}}}}`)
	go func() {
		server.Wait(func(recorded []wire.Frame, _ uint64) bool { return len(recorded) == 1 })
		server.Send(wire.End, `{"graceMs":5000}`)
	}()

	if said := outcomes(t, p, `{"name":"job-1","uid":"u"}`+"\n"); said != `{"name":"job-1"}`+"\n" {
		t.Errorf("said %s", said)
	}
	server.Wait(func(recorded []wire.Frame, acked uint64) bool {
		if len(recorded) != 2 || acked < 2 {
			return false
		}
		if result := string(recorded[0].Payload); result != `{"jsonrpc":"2.0","id":1,"result":{"n":[7,null]}}` {
			t.Errorf("answered %s", result)
		}
		if left := recorded[1]; left.Kind != wire.Exit || !strings.Contains(string(left.Payload), `"code":0,`) {
			t.Errorf("left with %s %s", left.Kind, left.Payload)
		}
		return true
	})
}

func TestARefusalEndsTheSessionAtOnce(t *testing.T) {
	p := newPlayer(t, &fakeserver.Server{Hello: func(string) string { return "BadToken" }})
	begun := time.Now()
	if said := outcomes(t, p, `{"name":"a"}`+"\n"+`{"name":"b"}`+"\n"); strings.Count(said, "BadToken") != 2 {
		t.Errorf("said %s", said)
	}
	if took := time.Since(begun); took > patience/4 {
		t.Errorf("after %v", took)
	}
}

func TestTokensAreThoseOfTheCluster(t *testing.T) {
	key := newKey(t)
	tokens, err := newIssuer("https://issuer", key)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	token, err := tokens.token(somePod, now)
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(token, ".")
	signature, _ := base64.RawURLEncoding.DecodeString(parts[2])
	digest := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	if err := rsa.VerifyPKCS1v15(&key.PublicKey, crypto.SHA256, digest[:], signature); err != nil {
		t.Error(err)
	}
	payload, _ := base64.RawURLEncoding.DecodeString(parts[1])
	var claims struct {
		Aud        []string
		Iss        string
		Exp        int64
		Kubernetes struct {
			Namespace      string
			Pod            map[string]string
			Serviceaccount map[string]string
		} `json:"kubernetes.io"`
	}
	if err := json.Unmarshal(payload, &claims); err != nil {
		t.Fatal(err)
	}
	bound := claims.Kubernetes
	if claims.Iss != "https://issuer" || len(claims.Aud) != 1 || claims.Aud[0] != "podwork" || claims.Exp <= now.Unix() ||
		bound.Namespace != "ns" || bound.Pod["name"] != "job-1" || bound.Pod["uid"] != "u-1" || bound.Serviceaccount["name"] != "default" {
		t.Errorf("%s", payload)
	}
}

func TestKeysThatAreNone(t *testing.T) {
	file := filepath.Join(t.TempDir(), "sa.key")
	write := func(kind string, data []byte) {
		if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: data}), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := readKey(file); err == nil || !strings.Contains(err.Error(), file) {
		t.Errorf("no file: %v", err)
	}
	write("PUBLIC KEY", []byte("no key"))
	if _, err := readKey(file); err == nil || !strings.Contains(err.Error(), "holds a PUBLIC KEY, and must hold an RSA private key") {
		t.Errorf("another kind: %v", err)
	}
	key := newKey(t)
	pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	for kind, data := range map[string][]byte{"RSA PRIVATE KEY": x509.MarshalPKCS1PrivateKey(key), "PRIVATE KEY": pkcs8} {
		write(kind, data)
		if read, err := readKey(file); err != nil || !read.Equal(key) {
			t.Errorf("%s: %v", kind, err)
		}
	}
}

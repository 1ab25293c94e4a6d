package main

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"time"
)

// pod is one whose session is to be played.
type pod struct {
	Namespace string  `json:"namespace"`
	Name      string  `json:"name"`
	UID       string  `json:"uid"`
	Account   account `json:"serviceAccount"`
}

type account struct {
	Name string `json:"name"`
	UID  string `json:"uid"`
}

// issuer makes what the kubelet would ask the API server for: tokens of a service account, bound to a pod.
type issuer struct {
	name  string
	key   *rsa.PrivateKey
	keyID string
}

func newIssuer(name string, key *rsa.PrivateKey) (issuer, error) {
	if name == "" {
		return issuer{}, errors.New("-issuer must be the issuer that /.well-known/openid-configuration names")
	}
	der, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		return issuer{}, err
	}
	// The API server names its keys like this.
	digest := sha256.Sum256(der)
	return issuer{name: name, key: key, keyID: encode(digest[:])}, nil
}

func readKey(file string) (*rsa.PrivateKey, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("-token-key: %w", err)
	}
	block, _ := pem.Decode(data)
	if block == nil {
		return nil, fmt.Errorf("-token-key: %s is not PEM", file)
	}
	if key, err := x509.ParsePKCS1PrivateKey(block.Bytes); err == nil {
		return key, nil
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("-token-key: %s holds a %s, and must hold an RSA private key", file, block.Type)
	}
	key, ok := parsed.(*rsa.PrivateKey)
	if !ok {
		return nil, fmt.Errorf("-token-key: %s holds a %T, and must hold an RSA private key", file, parsed)
	}
	return key, nil
}

func (i issuer) token(of pod, now time.Time) (string, error) {
	id := make([]byte, 16)
	if _, err := rand.Read(id); err != nil {
		return "", err
	}
	header, err := json.Marshal(map[string]string{"alg": "RS256", "kid": i.keyID})
	if err != nil {
		return "", err
	}
	claims, err := json.Marshal(map[string]interface{}{
		"aud": []string{"podwork"},
		"exp": now.Add(time.Hour).Unix(),
		"iat": now.Unix(),
		"iss": i.name,
		"jti": fmt.Sprintf("%x", id),
		"kubernetes.io": map[string]interface{}{
			"namespace":      of.Namespace,
			"pod":            map[string]string{"name": of.Name, "uid": of.UID},
			"serviceaccount": of.Account,
		},
		"nbf": now.Unix(),
		"sub": "system:serviceaccount:" + of.Namespace + ":" + of.Account.Name,
	})
	if err != nil {
		return "", err
	}
	signed := encode(header) + "." + encode(claims)
	digest := sha256.Sum256([]byte(signed))
	signature, err := rsa.SignPKCS1v15(rand.Reader, i.key, crypto.SHA256, digest[:])
	if err != nil {
		return "", err
	}
	return signed + "." + encode(signature), nil
}

func encode(data []byte) string { return base64.RawURLEncoding.EncodeToString(data) }

// One round with franz-go: makes a topic, produces a record to it, consumes it. Prints "ok", or the error.
package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/sasl/oauth"
	"github.com/twmb/franz-go/pkg/sasl/plain"
	"github.com/twmb/franz-go/pkg/sasl/scram"
)

type task struct {
	Servers, Topic, Ca, Certificate, Key, Mechanism, Username, Password, Token string
}

func main() {
	var t task
	if err := json.Unmarshal([]byte(os.Args[1]), &t); err != nil {
		panic(err)
	}
	if err := round(t); err != nil {
		fmt.Println("failed:", err)
		return
	}
	fmt.Println("ok")
}

func options(t task) ([]kgo.Opt, error) {
	opts := []kgo.Opt{kgo.SeedBrokers(t.Servers), kgo.RetryTimeout(5 * time.Second), kgo.RequestRetries(2)}
	if t.Ca != "" {
		roots := x509.NewCertPool()
		roots.AppendCertsFromPEM([]byte(t.Ca))
		config := &tls.Config{RootCAs: roots}
		if t.Certificate != "" {
			pair, err := tls.X509KeyPair([]byte(t.Certificate), []byte(t.Key))
			if err != nil {
				return nil, err
			}
			config.Certificates = []tls.Certificate{pair}
		}
		opts = append(opts, kgo.DialTLSConfig(config))
	}
	switch t.Mechanism {
	case "PLAIN":
		opts = append(opts, kgo.SASL(plain.Auth{User: t.Username, Pass: t.Password}.AsMechanism()))
	case "SCRAM-SHA-256":
		opts = append(opts, kgo.SASL(scram.Auth{User: t.Username, Pass: t.Password}.AsSha256Mechanism()))
	case "SCRAM-SHA-512":
		opts = append(opts, kgo.SASL(scram.Auth{User: t.Username, Pass: t.Password}.AsSha512Mechanism()))
	case "OAUTHBEARER":
		opts = append(opts, kgo.SASL(oauth.Auth{Token: t.Token}.AsMechanism()))
	}
	return opts, nil
}

func round(t task) error {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	opts, err := options(t)
	if err != nil {
		return err
	}
	client, err := kgo.NewClient(append(opts, kgo.ConsumeTopics(t.Topic), kgo.ConsumerGroup(t.Topic),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()))...)
	if err != nil {
		return err
	}
	defer client.Close()
	made, err := kadm.NewClient(client).CreateTopics(ctx, 1, 1, nil, t.Topic)
	if err != nil {
		return err
	}
	for _, topic := range made {
		if topic.Err != nil {
			return topic.Err
		}
	}
	if err := client.ProduceSync(ctx, &kgo.Record{Topic: t.Topic, Value: []byte("from go")}).FirstErr(); err != nil {
		return err
	}
	for ctx.Err() == nil {
		if client.PollFetches(ctx).NumRecords() > 0 {
			return nil
		}
	}
	return fmt.Errorf("nothing consumed")
}

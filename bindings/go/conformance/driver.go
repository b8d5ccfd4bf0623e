// The conformance driver of the Go package. The commands are in conformance/README.md.
package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"time"

	"deepidv"
)

type describer interface{ Describe() string }

// status returns the name of a status, and the field if there is one.
func status(err error) string {
	var e *deepidv.Error
	if err == nil {
		return deepidv.StatusOK.Name()
	} else if !errors.As(err, &e) {
		return err.Error()
	} else if e.Field != "" {
		return e.Status.Name() + "\t" + e.Field
	}
	return e.Status.Name()
}

// show returns the JSON of a result, also of a failed one.
func show(result describer, err error) string {
	var e *deepidv.Error
	var unknown *deepidv.OutcomeUnknownError
	if err == nil {
		return result.Describe()
	} else if errors.As(err, &unknown) {
		return unknown.Details().Describe()
	} else if errors.As(err, &e) && e.Describe() != "" {
		return e.Describe()
	}
	return status(err)
}

// named returns a request like this one with another external id.
func named(json, prefix string, number int) deepidv.JSON {
	return deepidv.JSON(fmt.Sprintf(`%s, "externalId": "%s-%d"}`, json[:strings.LastIndex(json, "}")], prefix, number))
}

func many(ctx context.Context, client *deepidv.Client, field []string) string {
	count, _ := strconv.Atoi(field[1])
	var group sync.WaitGroup
	var mutex sync.Mutex
	completions, tags, sessions := 0, 0, map[string]bool{}
	for tag := 1; tag <= count; tag++ {
		group.Add(1)
		go func(tag int) {
			defer group.Done()
			session, err := client.Create(ctx, named(field[2], field[0], tag))
			mutex.Lock()
			defer mutex.Unlock()
			completions, tags = completions+1, tags+tag
			if err == nil {
				sessions[session.ID] = true
			}
		}(tag)
	}
	if field[0] == "collect" {
		for i := 0; i < 1000; i++ {
			if _, err := deepidv.NewClientFromEnv(); err != nil {
				return status(err)
			}
		}
		runtime.GC()
	}
	group.Wait()
	return fmt.Sprintf("%d completions, tags %d, %d sessions", completions, tags, len(sessions))
}

func run(ctx context.Context, client *deepidv.Client, field []string) string {
	switch field[0] {
	case "version":
		major, minor := deepidv.ABIVersion()
		return fmt.Sprintf("%d.%d", major, minor)
	case "redirect":
		redirect, err := deepidv.ParseRedirect(field[1])
		return show(redirect, err)
	case "matches":
		redirect, err := deepidv.ParseRedirect(field[1])
		if err == nil {
			err = redirect.Matches(field[2])
		}
		return status(err)
	case "webhook":
		webhook, err := deepidv.OpenWebhook([]byte(field[3]), field[2], field[1])
		return show(webhook, err)
	case "option":
		name, _, _ := strings.Cut(status(deepidv.WithOption(field[1], field[2]).Check()), "\t")
		return name
	case "check":
		return status(deepidv.Check(deepidv.JSON(field[1])))
	case "create":
		return show(client.Create(ctx, deepidv.JSON(field[1])))
	case "find":
		return show(client.FindOrCreate(ctx, deepidv.JSON(field[1])))
	case "retrieve":
		return show(client.Retrieve(ctx, field[1]))
	case "list":
		limit, _ := strconv.Atoi(field[2])
		return show(client.List(ctx, field[1], uint32(limit), ""))
	case "update":
		decisions := map[string]deepidv.Decision{
			"VERIFIED": deepidv.DecisionVerified, "REJECTED": deepidv.DecisionRejected}
		return show(client.UpdateStatus(ctx, field[1], decisions[field[2]]))
	case "confirm":
		return show(client.Confirm(ctx, field[1], field[2]))
	case "reconcile":
		return show(client.Reconcile(ctx, field[1]))
	case "many", "collect":
		return many(ctx, client, field)
	case "cancel":
		short, cancel := context.WithTimeout(ctx, 50*time.Millisecond)
		defer cancel()
		_, err := client.Retrieve(short, field[1])
		if errors.Is(err, context.DeadlineExceeded) {
			return deepidv.StatusTimeout.Name() + "\t" + status(err)
		}
		return status(err)
	case "nul":
		name, _, _ := strings.Cut(status(deepidv.Check(deepidv.Applicant{FirstName: "a\x00b"})), "\t")
		return name
	case "order":
		other, err := deepidv.NewClientFromEnv()
		if err != nil {
			return status(err)
		}
		session, err := other.Create(ctx, deepidv.JSON(field[1]))
		other.Close()
		return show(session, err)
	}
	return "unsupported"
}

func main() {
	client, err := deepidv.NewClientFromEnv()
	if err != nil {
		panic(err)
	}
	defer client.Close()
	for input := bufio.NewReader(os.Stdin); ; {
		line, err := input.ReadString('\n')
		if err != nil {
			return
		}
		fmt.Println(run(context.Background(), client, strings.Split(strings.TrimSuffix(line, "\n"), "\t")))
	}
}

// net/http alone: ServeMux routes (and redirects to cleaned paths), encoding/json reads, http.Error refuses.
package main

import (
	"bytes"
	"crypto/rand"
	"crypto/sha512"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"
)

const api = "/zstack/v1"

var slip = os.Getenv("SERVER_SLIP")

type resource struct {
	uuid, name string
	made       time.Time
}

type pair struct{ group, trigger string }

// The state, under one lock.
var (
	lock         sync.Mutex
	sessions     = map[string]bool{}
	kinds        = map[string]map[string]resource{"jobgroups": {}, "triggers": {}}
	associations = map[pair]time.Time{}
)

type failure struct {
	Code        string `json:"code"`
	Description string `json:"description"`
	Details     string `json:"details"`
}

func (f failure) Error() string { return f.Details }

type rejection string

func (r rejection) Error() string { return string(r) }

func noSuch(what string) error {
	return failure{"SYS.1003", "A resource can not be found", "there is no such " + what}
}

func newUUID() string {
	digits := make([]byte, 16)
	rand.Read(digits)
	return hex.EncodeToString(digits)
}

type object = map[string]any

func row(kind string, r resource) object {
	var links []string
	for p := range associations {
		if kind == "jobgroups" && p.group == r.uuid {
			links = append(links, p.trigger)
		} else if kind == "triggers" && p.trigger == r.uuid {
			links = append(links, p.group)
		}
	}
	made := object{"uuid": r.uuid, "name": r.name, "createDate": r.made, "lastOpDate": r.made}
	if len(links) > 0 { // as `omitempty` writes it
		made[map[string]string{"jobgroups": "triggersUuid", "triggers": "jobGroupsUuid"}[kind]] = links
	}
	return made
}

// document reads one JSON object and nothing after it.
func document(r *http.Request, into any) error {
	decoder := json.NewDecoder(r.Body)
	if err := decoder.Decode(into); err != nil {
		return rejection("the body is not the JSON that is wanted")
	}
	if slip != "text-after-the-document" {
		if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
			return rejection("something follows the document")
		}
	}
	return nil
}

func logIn(r *http.Request) (any, error) {
	var body struct {
		LogInByAccount struct{ AccountName, Password string }
	}
	if err := document(r, &body); err != nil {
		return nil, err
	}
	digest := sha512.Sum512([]byte("open sesame"))
	wanted := body.LogInByAccount
	if wanted.AccountName != "admin" || wanted.Password != hex.EncodeToString(digest[:]) {
		return nil, failure{"ID.1000", "Authentication failed", "wrong account name or password"}
	}
	uuid := newUUID()
	sessions[uuid] = true
	return object{"inventory": object{"uuid": uuid}}, nil
}

func logOut(r *http.Request) (any, error) {
	delete(sessions, r.PathValue("uuid"))
	return object{}, nil
}

func valid(r *http.Request) (any, error) {
	return object{"valid": sessions[r.PathValue("uuid")]}, nil
}

func create(kind string) operation {
	return func(r *http.Request) (any, error) {
		var body struct{ Params struct{ Name string } }
		if err := document(r, &body); err != nil {
			return nil, err
		}
		made := resource{newUUID(), body.Params.Name, time.Now()}
		kinds[kind][made.uuid] = made
		return object{"inventory": row(kind, made)}, nil
	}
}

func query(kind string) operation {
	return func(r *http.Request) (any, error) {
		rows := []object{}
	each:
		for _, one := range kinds[kind] {
			found := row(kind, one)
			for _, condition := range r.URL.Query()["q"] {
				name, value, _ := strings.Cut(condition, "=")
				if found[name] != value {
					continue each
				}
			}
			rows = append(rows, found)
		}
		return object{"inventories": rows}, nil
	}
}

func remove(kind string) operation {
	return func(r *http.Request) (any, error) {
		uuid := r.PathValue("uuid")
		delete(kinds[kind], uuid)
		for p := range associations {
			if p.group == uuid || p.trigger == uuid {
				delete(associations, p)
			}
		}
		return object{}, nil
	}
}

type parameters struct {
	TriggerNow *bool `json:"triggerNow"`
}

type tags struct {
	SystemTags []any `json:"systemTags"`
	UserTags   []any `json:"userTags"`
}

// mustBeGood takes the members by their exact names: a struct's fields would match in any case.
func mustBeGood(r *http.Request) error {
	if slip == "names-in-any-case" {
		var body struct {
			Params *parameters `json:"params"`
			tags
		}
		if err := document(r, &body); err != nil {
			return err
		}
		if body.Params == nil {
			return rejection("params is required")
		}
		return nil
	}
	var body, params map[string]json.RawMessage
	if err := document(r, &body); err != nil {
		return err
	}
	if json.Unmarshal(body["params"], &params) != nil || params == nil {
		return rejection("params is required, an object")
	}
	var now *bool
	if text, there := params["triggerNow"]; there && json.Unmarshal(text, &now) != nil {
		return rejection("triggerNow is true or false")
	}
	for _, name := range []string{"systemTags", "userTags"} {
		var items []any
		if text, there := body[name]; there && json.Unmarshal(text, &items) != nil {
			return rejection(name + " is a list")
		}
	}
	return nil
}

func mustExist(p pair) error {
	if _, there := kinds["jobgroups"][p.group]; !there {
		return noSuch("job group")
	}
	if _, there := kinds["triggers"][p.trigger]; !there {
		return noSuch("trigger")
	}
	return nil
}

func add(r *http.Request) (any, error) {
	if err := mustBeGood(r); err != nil {
		return nil, err
	}
	p := pair{r.PathValue("group"), r.PathValue("trigger")}
	if err := mustExist(p); err != nil {
		return nil, err
	}
	now := time.Now()
	if _, there := associations[p]; !there {
		associations[p] = now
	}
	return object{"inventory": object{
		"schedulerJobGroupUuid": p.group, "schedulerTriggerUuid": p.trigger,
		"createDate": associations[p], "lastOpDate": now,
	}}, nil
}

func takeOff(r *http.Request) (any, error) {
	p := pair{r.PathValue("group"), r.PathValue("trigger")}
	if err := mustExist(p); err != nil {
		return nil, err
	}
	delete(associations, p)
	return object{}, nil
}

type operation func(*http.Request) (any, error)

func (o operation) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 32<<20))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	lock.Lock()
	document, err := o(r)
	lock.Unlock()
	status := http.StatusOK
	if err != nil {
		var failed failure
		if !errors.As(err, &failed) {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		document, status = object{"error": failed}, http.StatusServiceUnavailable
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(document)
}

func signedIn(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		token, oauth := strings.CutPrefix(r.Header.Get("Authorization"), "OAuth ")
		lock.Lock()
		known := oauth && sessions[token]
		lock.Unlock()
		if !known {
			http.Error(w, "Unauthorized", http.StatusUnauthorized)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func main() {
	mux := http.NewServeMux()
	mux.Handle("PUT "+api+"/accounts/login", operation(logIn))
	mux.Handle("DELETE "+api+"/accounts/sessions/{uuid}", operation(logOut))
	mux.Handle("GET "+api+"/accounts/sessions/{uuid}/valid", operation(valid))
	for kind := range kinds {
		mux.Handle("POST "+api+"/scheduler/"+kind, signedIn(create(kind)))
		mux.Handle("GET "+api+"/scheduler/"+kind, signedIn(query(kind)))
		mux.Handle("DELETE "+api+"/scheduler/"+kind+"/{uuid}", signedIn(remove(kind)))
	}
	path := api + "/scheduler/jobgroups/{group}/scheduler/triggers/{trigger}"
	mux.Handle("POST "+path, signedIn(operation(add)))
	mux.Handle("DELETE "+path, signedIn(operation(takeOff)))
	number, err := strconv.Atoi(os.Args[1])
	if err != nil {
		panic(err)
	}
	listener, err := net.FileListener(os.NewFile(uintptr(number), "listener"))
	if err != nil {
		panic(err)
	}
	panic(http.Serve(listener, mux))
}

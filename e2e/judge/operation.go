package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"sort"

	"github.com/anishathalye/porcupine"
)

// An operation that a client called, and what it was answered.
type operation struct {
	Client int    `json:"client"`
	On     string `json:"on"`   // the key, or the group
	Kind   string `json:"kind"` // get, put, create, swap, delete; join, leave, view
	Call   int64  `json:"call"` // nanoseconds
	// 0 where the client was never told what came of it
	Return int64 `json:"return"`

	// Of keys. Values are written once each, so that a value names its write.
	Value   string `json:"value,omitempty"`   // what was written; read: what was there, empty for nothing
	Expect  int64  `json:"expect,omitempty"`  // swap: the version that was wanted
	Version int64  `json:"version,omitempty"` // of the value that was written or read; 0 for none, or not told
	Refused bool   `json:"refused,omitempty"` // the condition did not hold; Version is then what was there

	// Of groups. A memberId joins once.
	Member      string           `json:"member,omitempty"`
	Incarnation int64            `json:"incarnation,omitempty"`
	View        int64            `json:"view,omitempty"`    // join, leave: the number of the view that it made; view: what was read
	Members     map[string]int64 `json:"members,omitempty"` // view: the incarnations by memberId
}

func (o operation) isUnknown() bool { return o.Return == 0 }

func read(file string) ([]operation, error) {
	in, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	var operations []operation
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		var o operation
		if err := json.Unmarshal(lines.Bytes(), &o); err != nil {
			return nil, fmt.Errorf("line %d: %v", len(operations)+1, err)
		}
		operations = append(operations, o)
	}
	return operations, lines.Err()
}

func unknown(operations []operation) int {
	count := 0
	for _, o := range operations {
		if o.isUnknown() {
			count++
		}
	}
	return count
}

// A key or a group, with what was done to it.
type subject struct {
	name    string
	model   porcupine.Model
	history []porcupine.Operation
}

func subjects(operations []operation) []subject {
	learn(operations)
	byName := map[string]*subject{}
	for _, o := range operations {
		var model porcupine.Model
		var name string
		switch o.Kind {
		case "join", "leave", "view":
			model, name = group, "group "+o.On
		case "get", "put", "create", "swap", "delete":
			model, name = register, "key "+o.On
		default:
			fail(2, "%q is no kind of operation", o.Kind)
		}
		s := byName[name]
		if s == nil {
			s = &subject{name: name, model: model}
			byName[name] = s
		}
		end := o.Return
		if o.isUnknown() {
			if o.Kind == "get" || o.Kind == "view" {
				continue
			}
			end = math.MaxInt64
		}
		s.history = append(s.history, porcupine.Operation{
			ClientId: o.Client, Input: o, Output: o, Call: o.Call, Return: end})
	}
	all := make([]subject, 0, len(byName))
	for _, s := range byName {
		all = append(all, *s)
	}
	sort.Slice(all, func(i, j int) bool { return all[i].name < all[j].name })
	return all
}

// What one client was not told, another may have seen: the version of a value, the incarnation of a member.
func learn(operations []operation) {
	versions := map[string]int64{}
	incarnations := map[string]int64{}
	for _, o := range operations {
		if o.isUnknown() || o.Refused {
			continue
		}
		if o.Value != "" && o.Version != 0 {
			versions[o.On+" "+o.Value] = o.Version
		}
		for member, incarnation := range o.Members {
			incarnations[o.On+" "+member] = incarnation
		}
	}
	for i := range operations {
		o := &operations[i]
		if o.isUnknown() && o.Value != "" {
			o.Version = versions[o.On+" "+o.Value]
		}
		if o.isUnknown() && o.Kind == "join" {
			o.Incarnation = incarnations[o.On+" "+o.Member]
		}
	}
}

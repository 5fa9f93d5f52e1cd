package main

import (
	"fmt"

	"github.com/anishathalye/porcupine"
)

// What a key has. Versions only grow, also over a deletion; one that nobody was told is 0.
type content struct {
	value   string
	version int64
	last    int64 // the largest version that the key is known to have had
}

var register = porcupine.Model{
	Init: func() any { return content{} },
	Step: func(state, _, output any) (bool, any) { return stepRegister(state.(content), output.(operation)) },
	DescribeOperation: func(_, output any) string {
		o := output.(operation)
		switch {
		case o.isUnknown():
			return fmt.Sprintf("%s %s -> ?", o.Kind, o.Value)
		case o.Refused:
			return fmt.Sprintf("%s %s if %d -> refused, has %d", o.Kind, o.Value, o.Expect, o.Version)
		default:
			return fmt.Sprintf("%s %s -> version %d", o.Kind, o.Value, o.Version)
		}
	},
	DescribeState: func(state any) string { return fmt.Sprintf("%+v", state) },
}

func stepRegister(now content, o operation) (bool, any) {
	exists := now.value != ""
	switch o.Kind {
	case "get":
		same := o.Value == now.value && (!exists || now.version == 0 || o.Version == now.version)
		return same, now
	case "put":
		return now.written(o)
	case "create":
		if !o.isUnknown() && o.Refused {
			return exists && now.has(o.Version), now
		}
		if !exists {
			return now.written(o)
		}
		return o.isUnknown(), now
	case "swap":
		// a version that somebody expects was told to him: it is known of its value
		holds := exists && now.version == o.Expect
		if !o.isUnknown() && o.Refused {
			return !holds && exists == (o.Version != 0) && (!exists || now.has(o.Version)), now
		}
		if holds {
			return now.written(o)
		}
		return o.isUnknown(), now
	case "delete":
		if !o.isUnknown() && exists == o.Refused {
			return false, now
		}
		return true, content{last: now.last}
	}
	return false, now
}

func (now content) has(version int64) bool {
	return now.version == 0 || now.version == version
}

func (now content) written(o operation) (bool, any) {
	if o.Version != 0 && o.Version <= now.last {
		return false, now
	}
	return true, content{value: o.Value, version: o.Version, last: max(now.last, o.Version)}
}

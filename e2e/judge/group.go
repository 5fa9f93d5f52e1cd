package main

import (
	"fmt"
	"sort"
	"strings"

	"github.com/anishathalye/porcupine"
)

// Who is in a group. Each join and each leave makes the next view.
type membership struct {
	view    int64
	members string // "a:3 b:5", by name; an incarnation that nobody was told is 0
}

var group = porcupine.Model{
	Init: func() any { return membership{} },
	Step: func(state, _, output any) (bool, any) { return stepGroup(state.(membership), output.(operation)) },
	DescribeOperation: func(_, output any) string {
		o := output.(operation)
		switch {
		case o.isUnknown():
			return fmt.Sprintf("%s %s -> ?", o.Kind, o.Member)
		case o.Kind == "view":
			return fmt.Sprintf("view -> %d {%s}", o.View, written(o.Members))
		default:
			return fmt.Sprintf("%s %s:%d -> view %d", o.Kind, o.Member, o.Incarnation, o.View)
		}
	},
	DescribeState: func(state any) string { return fmt.Sprintf("%+v", state) },
}

func stepGroup(now membership, o operation) (bool, any) {
	members := now.read()
	incarnation, in := members[o.Member]
	switch o.Kind {
	case "view":
		return o.View == now.view && written(o.Members) == now.members, now
	case "join":
		if in {
			return o.isUnknown(), now
		}
		members[o.Member] = o.Incarnation
		next := membership{now.view + 1, written(members)}
		return o.isUnknown() || o.View == next.view, next
	case "leave":
		leaves := in && incarnation == o.Incarnation
		if !o.isUnknown() && leaves == o.Refused {
			return false, now
		}
		if !leaves {
			return true, now
		}
		delete(members, o.Member)
		next := membership{now.view + 1, written(members)}
		return o.isUnknown() || o.View == next.view, next
	}
	return false, now
}

func (now membership) read() map[string]int64 {
	members := map[string]int64{}
	for _, word := range strings.Fields(now.members) {
		var incarnation int64
		colon := strings.LastIndexByte(word, ':')
		fmt.Sscan(word[colon+1:], &incarnation)
		members[word[:colon]] = incarnation
	}
	return members
}

func written(members map[string]int64) string {
	words := make([]string, 0, len(members))
	for member, incarnation := range members {
		words = append(words, fmt.Sprintf("%s:%d", member, incarnation))
	}
	sort.Strings(words)
	return strings.Join(words, " ")
}

// Judge says whether histories of operations on the service are linearizable.
//
//	judge [-limit 5m] [-html FILE] HISTORY...
//
// A history has an operation a line, as JSON; operation.go says what is in it. Each is checked with Porcupine, key by
// key and group by group. The last line that is printed is "linearizable", and the exit status 0; or it is what is not,
// with status 1, and the page that -html names shows why. Status 2: a history can't be read, or not judged in time.
package main

import (
	"flag"
	"fmt"
	"os"
	"time"

	"github.com/anishathalye/porcupine"
)

func main() {
	limit := flag.Duration("limit", 5*time.Minute, "for all histories")
	html := flag.String("html", "", "where to draw what is not linearizable")
	flag.Parse()
	deadline := time.Now().Add(*limit)
	for _, file := range flag.Args() {
		operations, err := read(file)
		if err != nil {
			fail(2, "%s: %v", file, err)
		}
		for _, subject := range subjects(operations) {
			left := time.Until(deadline)
			if left <= 0 {
				fail(2, "%s: %s can't be judged within %v", file, subject.name, *limit)
			}
			result, info := porcupine.CheckOperationsVerbose(subject.model, subject.history, left)
			switch result {
			case porcupine.Unknown:
				fail(2, "%s: %s can't be judged within %v", file, subject.name, *limit)
			case porcupine.Illegal:
				if *html != "" {
					if err := porcupine.VisualizePath(subject.model, info, *html); err != nil {
						fail(2, "%s: %v", *html, err)
					}
				}
				fail(1, "%s: %s is not linearizable, %d operations", file, subject.name, len(subject.history))
			}
		}
		fmt.Printf("%s: %d operations, %d unknown\n", file, len(operations), unknown(operations))
	}
	fmt.Println("linearizable")
}

func fail(status int, format string, arguments ...any) {
	fmt.Printf(format+"\n", arguments...)
	os.Exit(status)
}

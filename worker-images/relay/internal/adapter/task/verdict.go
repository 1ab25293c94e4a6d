package task

import (
	"errors"
	"fmt"

	"podwork.dev/relay/internal/adapter"
)

// Exit codes of the protocol.
const (
	exitSuccess     = 0
	exitRetriable   = 1
	exitPermanent   = 2
	exitTimeout     = 3
	exitInterrupted = 130
)

// verdict is what becomes of the job. Where there is no reply the exit itself says it, and the server has
// words for that; explanation adds what only stdout tells.
type verdict struct {
	adapter.Reply
	explanation string
}

func failure(f adapter.Failure) verdict { return verdict{Reply: adapter.Reply{Failure: &f}} }

// judge weighs document and exit: a success is one by both. length is that of stdout.
func judge(a answer, problem error, length int64, exit adapter.Exit) verdict {
	switch {
	case problem == nil && a.success && exit.Code == exitSuccess:
		return verdict{Reply: adapter.Reply{Result: adapter.OrNull(a.result)}}
	case problem == nil && a.success && exit.Signal != "":
		return verdict{explanation: "stdout says success, but the worker did not exit by itself: a success is both"}
	case problem == nil && a.success:
		f := failed(exit)
		f.Message = fmt.Sprintf("the worker wrote \"success\": true, but exited with code %d: a success needs code 0 too", exit.Code)
		return failure(f)
	case problem == nil:
		return failure(complete(a, exit))
	}
	return withoutDocument(problem, length, exit)
}

func withoutDocument(problem error, length int64, exit adapter.Exit) verdict {
	switch {
	case exit.Code == exitSuccess && errors.Is(problem, errTooLarge):
		return verdict{Reply: adapter.Reply{TooLarge: length}}
	case exit.Code == exitSuccess && errors.Is(problem, errEmpty):
		return verdict{explanation: `nothing was written to stdout: write {"success": true, "result": …} there`}
	case exit.Code == exitSuccess:
		return failure(adapter.Failure{Type: "InvalidOutput", Message: problem.Error()})
	case hasMeaning(exit):
		f := failed(exit)
		f.Message += ", and gave no reason: " + problem.Error()
		return failure(f)
	case errors.Is(problem, errEmpty) || exit.Signal != "":
		return verdict{}
	}
	return verdict{explanation: problem.Error()}
}

// hasMeaning holds for codes that say more than that something went wrong.
func hasMeaning(exit adapter.Exit) bool {
	switch exit.Code {
	case exitPermanent, exitTimeout, exitInterrupted:
		return exit.Signal == ""
	}
	return false
}

// complete fills up what the worker said of its failure with what its exit code says.
func complete(a answer, exit adapter.Exit) adapter.Failure {
	f, byCode := a.failure, failed(exit)
	if f.Type == "" {
		f.Type = byCode.Type
	}
	if f.Message == "" {
		f.Message = byCode.Message + `, and gave no reason: write "error": {"type": …, "message": …}`
	}
	if f.Retriable == nil || exit.Code == exitPermanent {
		f.Retriable = byCode.Retriable
	}
	return f
}

// failed is what the exit code alone says.
func failed(exit adapter.Exit) adapter.Failure {
	f := adapter.Failure{Type: "TaskFailed", Message: fmt.Sprintf("the worker exited with code %d", exit.Code)}
	switch exit.Code {
	case exitSuccess, exitRetriable:
		f.Message = "the task failed"
	case exitPermanent:
		f.Type, f.Message, f.Retriable = "PermanentFailure", "the worker exited with code 2, a failure that is not retried", adapter.No()
	case exitTimeout:
		f.Type, f.Message, f.Retriable = "Timeout", "the worker exited with code 3, a timeout", adapter.No()
	case exitInterrupted:
		f.Type, f.Message = "Interrupted", "the worker was interrupted (exit code 130)"
	}
	return f
}

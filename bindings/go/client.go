// Package deepidv creates identity verification sessions with the deepidv service, and handles the
// redirects and webhooks that follow. It calls libdeepidv through cgo.
package deepidv

// #cgo LDFLAGS: -ldeepidv
// #include <stdlib.h>
// #include <deepidv.h>
import "C"

import (
	"context"
	"fmt"
	"runtime"
	"strconv"
	"sync"
	"time"
	"unsafe"
)

func init() {
	if version := uint32(C.deepidv_abi_version()); version>>16 != abiMajor || version&0xffff < abiMinor {
		panic(fmt.Sprintf("deepidv: libdeepidv %s has another interface than %d.%d", Version(), abiMajor, abiMinor))
	}
}

// Version returns the version of the loaded library.
func Version() string { return C.GoString(C.deepidv_version()) }

// ABIVersion returns the version of the interface of the loaded library.
func ABIVersion() (major, minor int) {
	version := uint32(C.deepidv_abi_version())
	return int(version >> 16), int(version & 0xffff)
}

// LibcurlProblem says what is wrong with the libcurl that is loaded. Log it once, unless it is empty.
func LibcurlProblem() string {
	buffer := make([]byte, 256)
	C.deepidv_libcurl_problem((*C.char)(unsafe.Pointer(&buffer[0])), C.size_t(len(buffer)), nil)
	return C.GoString((*C.char)(unsafe.Pointer(&buffer[0])))
}

// Option is an option of a client: see the functions With.
type Option struct{ key, value string }

// WithOption sets an option by its key, such as timeout_ms.
func WithOption(key, value string) Option { return Option{key, value} }

// Check reports whether the library accepts the value. NewClient checks the options against each other.
func (o Option) Check() error {
	var config *C.deepidv_config
	if s := C.deepidv_config_new(&config); s != 0 {
		return refused(s, "")
	}
	defer C.deepidv_config_free(config)
	return o.set(config)
}

func (o Option) set(config *C.deepidv_config) error {
	key, keyLen := text(o.key)
	value, valueLen := text(o.value)
	if s := C.deepidv_config_set(config, key, keyLen, value, valueLen); s != 0 {
		return refused(s, o.key)
	}
	return nil
}

// Client sends requests to the service. One client serves a whole process; any number of goroutines may
// use it at once.
type Client struct{ core *core }

// NewClient creates a client. It opens no connection before the first call.
func NewClient(apiKey string, options ...Option) (*Client, error) {
	return newClient(false, append([]Option{{"api_key", apiKey}}, options...))
}

// NewClientFromEnv creates a client with the options in the environment, such as DEEPIDV_API_KEY and
// DEEPIDV_BASE_URL.
func NewClientFromEnv(options ...Option) (*Client, error) { return newClient(true, options) }

func newClient(environment bool, options []Option) (*Client, error) {
	var config *C.deepidv_config
	if s := C.deepidv_config_new(&config); s != 0 {
		return nil, refused(s, "")
	}
	defer C.deepidv_config_free(config)
	if environment {
		var key *C.char
		if s := C.deepidv_config_from_env(config, &key); s != 0 {
			return nil, refused(s, C.GoString(key))
		}
	}
	// allow_http_hosts must be set before base_url.
	for _, first := range []bool{true, false} {
		for _, option := range options {
			if (option.key == "allow_http_hosts") == first {
				if err := option.set(config); err != nil {
					return nil, err
				}
			}
		}
	}
	c := &core{pending: make(map[uint64]chan outcome), done: make(chan struct{})}
	if s := C.deepidv_client_new(config, &c.handle); s != 0 {
		return nil, refused(s, "")
	}
	client := &Client{c}
	runtime.SetFinalizer(client, func(client *Client) { client.core.close() })
	return client, nil
}

// Close cancels all calls in flight and frees the client when they have returned. Later calls return
// StatusClosed.
func (c *Client) Close() error {
	c.core.close()
	<-c.core.done
	return nil
}

// core is what the dispatching goroutine needs. It does not refer to the Client, so that a Client that
// was not closed can be collected.
type core struct {
	mu      sync.Mutex
	handle  *C.deepidv_client
	pending map[uint64]chan outcome
	tag     uint64
	started bool
	closed  bool
	done    chan struct{}
}

// submission calls a _submit function.
type submission func(client *C.deepidv_client, tag C.uint64_t, op *C.uint64_t) C.deepidv_status

// run submits an operation and waits for its result. If ctx ends first, it cancels the operation and
// still waits, because only the result says whether a session may exist.
func (c *Client) run(ctx context.Context, submit submission) (outcome, error) {
	defer runtime.KeepAlive(c)
	if err := ctx.Err(); err != nil {
		return outcome{}, err
	}
	op, completed, status := c.core.submit(submit)
	if status != 0 {
		return outcome{}, refused(status, "")
	}
	select {
	case o := <-completed:
		return o, nil
	case <-ctx.Done():
		c.core.cancel(op)
		o := <-completed
		o.cancelled = ctx.Err()
		return o, nil
	}
}

func (c *core) submit(submit submission) (C.uint64_t, chan outcome, C.deepidv_status) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return 0, nil, C.DEEPIDV_E_CLOSED
	}
	c.tag++
	completed := make(chan outcome, 1)
	// The completion may arrive before submit returns.
	c.pending[c.tag] = completed
	var op C.uint64_t
	if s := submit(c.handle, C.uint64_t(c.tag), &op); s != 0 {
		delete(c.pending, c.tag)
		return 0, nil, s
	}
	if !c.started {
		c.started = true
		go c.dispatch()
	}
	return op, completed, 0
}

// refuse returns the result of a create whose request is not valid. Nothing is sent, so it does not block.
func (c *core) refuse(request *C.deepidv_session_request) (outcome, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return outcome{}, refused(C.DEEPIDV_E_CLOSED, "")
	}
	var result *C.deepidv_result
	status := C.deepidv_session_create(c.handle, request, &result)
	if result == nil {
		return outcome{}, refused(status, "")
	}
	defer C.deepidv_result_free(result)
	return readResult(result), nil
}

func (c *core) cancel(op C.uint64_t) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.handle != nil {
		C.deepidv_client_cancel(c.handle, op)
	}
}

func (c *core) close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return
	}
	c.closed = true
	C.deepidv_client_close(c.handle)
	if !c.started {
		c.free()
	}
}

func (c *core) free() {
	C.deepidv_client_free(c.handle)
	c.handle = nil
	close(c.done)
}

// dispatch takes completions until the client is closed and none is left. It blocks one thread.
func (c *core) dispatch() {
	for C.deepidv_client_wait(c.handle, -1) == 0 {
		for c.next() {
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.free()
}

func (c *core) next() bool {
	var event C.deepidv_event
	var result *C.deepidv_result
	if C.deepidv_client_next(c.handle, &event, &result) != 0 {
		return false
	}
	defer C.deepidv_result_free(result)
	c.mu.Lock()
	completed := c.pending[uint64(event.tag)]
	delete(c.pending, uint64(event.tag))
	c.mu.Unlock()
	completed <- readResult(result)
	return true
}

// text returns a text and its length, so that the library sees a NUL inside.
func text(s string) (*C.char, C.size_t) {
	b := append([]byte(s), 0)
	return (*C.char)(unsafe.Pointer(&b[0])), C.size_t(len(s))
}

// optional returns nil for an empty text.
func optional(s string) (*C.char, C.size_t) {
	if s == "" {
		return nil, 0
	}
	return text(s)
}

func number(value bool) C.int32_t {
	if value {
		return 1
	}
	return 0
}

func flag(value bool) string { return strconv.Itoa(int(number(value))) }

// milliseconds rounds up, so that a short duration does not become 0.
func milliseconds(d time.Duration) string {
	return strconv.FormatInt(int64((d+time.Millisecond-1)/time.Millisecond), 10)
}

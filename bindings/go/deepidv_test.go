package deepidv_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"deepidv"
)

const key = "dk_emulator"

var baseURL string

func TestMain(m *testing.M) {
	if os.Getenv("DEEPIDV_TEST_ABANDON") != "" {
		abandon()
		return
	}
	if baseURL = os.Getenv("DEEPIDV_TEST_EMULATOR"); baseURL != "" {
		os.Exit(m.Run())
	}
	emulator := exec.Command(os.Getenv("DEEPIDV_EMULATOR"), "--port", "0", "--rate", "0", "--exit-with-parent")
	input, _ := emulator.StdinPipe()
	output, _ := emulator.StdoutPipe()
	if err := emulator.Start(); err != nil {
		fmt.Fprintln(os.Stderr, "DEEPIDV_EMULATOR:", err)
		os.Exit(1)
	}
	line, _ := bufio.NewReader(output).ReadString('\n')
	words := strings.Fields(line)
	baseURL = words[len(words)-1]
	code := m.Run()
	input.Close()
	emulator.Wait()
	os.Exit(code)
}

func client(t *testing.T, options ...deepidv.Option) *deepidv.Client {
	t.Helper()
	options = append([]deepidv.Option{deepidv.WithBaseURL(baseURL), deepidv.WithRateLimit(0)}, options...)
	c, err := deepidv.NewClient(key, options...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

var people int64

// ada returns another applicant each time, because a create that is repeated after an unknown outcome is
// guarded.
func ada(externalID string) deepidv.Applicant {
	return deepidv.Applicant{
		FirstName: "Ада", LastName: fmt.Sprint("Lovelace ", atomic.AddInt64(&people, 1)),
		Email: "ada@example.com", Phone: "+15192223333", ExternalID: externalID,
	}
}

// fault arms a fault of the emulator until the end of the test.
func fault(t *testing.T, body string) {
	t.Helper()
	response, err := http.Post(baseURL+"/emulator/faults", "application/json", strings.NewReader(body))
	if err != nil || response.StatusCode >= 300 {
		t.Fatal(err, response)
	}
	response.Body.Close()
	t.Cleanup(noFaults)
}

func noFaults() {
	request, _ := http.NewRequest(http.MethodDelete, baseURL+"/emulator/faults", nil)
	if response, err := http.DefaultClient.Do(request); err == nil {
		response.Body.Close()
	}
}

func TestSessionFromCreateToDecision(t *testing.T) {
	life := fmt.Sprint("go-життя-", time.Now().UnixNano())
	ctx, c := context.Background(), client(t)
	created, err := c.Create(ctx, ada(life))
	if err != nil || created.ID == "" || !strings.Contains(created.URL, created.ID) {
		t.Fatal(created, err)
	}
	found, err := c.FindOrCreate(ctx, ada(life))
	if err != nil || !found.Found || found.ID != created.ID || found.URL != "" {
		t.Fatal(found, err)
	}
	record, err := c.Retrieve(ctx, created.ID)
	if err != nil || record.Status != "PENDING" || record.ExternalID != life || !bytes.Contains(record.Raw, []byte(life)) {
		t.Fatal(record, err)
	}
	page, err := c.List(ctx, life, 10, "")
	if err != nil || len(page.IDs) != 1 || page.IDs[0] != created.ID || page.NextToken != "" {
		t.Fatal(page, err)
	}
	decided, err := c.UpdateStatus(ctx, created.ID, deepidv.DecisionVerified)
	if err != nil || decided.Verdict != deepidv.VerdictVerified {
		t.Fatal(decided, err)
	}
	waited, err := c.Wait(ctx, created.ID, time.Minute)
	if err != nil || waited.Verdict != deepidv.VerdictVerified {
		t.Fatal(waited, err)
	}
	confirmed, err := c.Confirm(ctx, "/cb?session_id="+created.ID+"&status=failed", created.ID)
	if err != nil || confirmed.Verdict != deepidv.VerdictVerified {
		t.Fatal(confirmed, err)
	}
	forged, err := c.Confirm(ctx, "/cb?session_id=sess_other&status=success", created.ID)
	if err != nil || forged.Verdict != deepidv.VerdictForged {
		t.Fatal(forged, err)
	}
}

func TestWaitEndsWithTheLastRecord(t *testing.T) {
	c := client(t)
	created, err := c.Create(context.Background(), ada(""))
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Wait(context.Background(), created.ID, time.Second)
	var e *deepidv.Error
	if !errors.As(err, &e) || e.Status != deepidv.StatusTimeout || e.Session == nil || e.Session.Status != "PENDING" {
		t.Fatal(err)
	}
	if !deepidv.Retryable(err) {
		t.Fatal("a wait may be repeated")
	}
}

func TestRefusedFields(t *testing.T) {
	for field, applicant := range map[string]deepidv.Request{
		"phone":         deepidv.Applicant{FirstName: "A", LastName: "B", Email: "a@b.example", Phone: "1"},
		"first_name":    deepidv.Applicant{FirstName: "a\x00b", LastName: "B", Email: "a@b.example", Phone: "+1"},
		"last_name":     deepidv.Applicant{FirstName: "A", LastName: "\xff", Email: "a@b.example", Phone: "+1"},
		"email":         deepidv.Applicant{FirstName: "A", LastName: "B", Phone: "+1"},
		"external_id":   deepidv.JSON(`{"externalId": 1}`),
		"expires_hours": deepidv.JSON(`{"expires_hours": 1}`),
	} {
		_, err := client(t).Create(context.Background(), applicant)
		var e *deepidv.Error
		if !errors.As(err, &e) || !errors.Is(err, deepidv.ClassArgument) || deepidv.Retryable(err) {
			t.Errorf("%s: %v", field, err)
		} else if e.Field != field && e.Status != deepidv.StatusField {
			t.Errorf("%s: %v", field, err)
		}
	}
	_, err := client(t).FindOrCreate(context.Background(), ada(""))
	if !errors.Is(err, deepidv.StatusRequired) || !strings.Contains(err.Error(), "external_id") {
		t.Error(err)
	}
}

func TestRefusedOptions(t *testing.T) {
	_, err := deepidv.NewClient(key, deepidv.WithBaseURL("http://elsewhere.example"))
	if !errors.Is(err, deepidv.StatusScheme) || !strings.Contains(err.Error(), "base_url") {
		t.Error(err)
	}
	if _, err := deepidv.NewClient(""); !errors.Is(err, deepidv.StatusRequired) {
		t.Error(err)
	}
	hosts := []deepidv.Option{deepidv.WithBaseURL("http://emulator"), deepidv.WithAllowHTTPHosts("emulator")}
	if c, err := deepidv.NewClient(key, hosts...); err != nil {
		t.Error(err)
	} else {
		c.Close()
	}
}

func TestServiceErrors(t *testing.T) {
	c := client(t)
	_, err := c.Retrieve(context.Background(), "sess_none")
	if !errors.Is(err, deepidv.StatusNotFound) || !errors.Is(err, deepidv.ClassService) || deepidv.Retryable(err) {
		t.Error(err)
	}
	fault(t, `{"kind": "status", "status": 400, "method": "POST", "body": "{\"message\": \"Ada is refused\"}"}`)
	_, err = c.Create(context.Background(), ada(""))
	var e *deepidv.Error
	if !errors.As(err, &e) || e.Status != deepidv.StatusBadRequest || e.HTTPStatus != 400 || e.Message() != "Ada is refused" {
		t.Fatal(err)
	}
	if strings.Contains(err.Error(), "Ada") || !strings.Contains(e.Describe(), "Ada") {
		t.Error(err)
	}
	fault(t, `{"kind": "status", "status": 429, "method": "POST", "count": 100}`)
	_, err = client(t, deepidv.WithTimeout(time.Second)).Create(context.Background(), ada(""))
	if !errors.Is(err, deepidv.StatusRateLimited) || !deepidv.Retryable(err) {
		t.Error(err)
	}
}

func TestUnknownOutcomeAndReconcile(t *testing.T) {
	c := client(t, deepidv.WithTimeout(2*time.Second))
	fault(t, `{"kind": "close", "method": "POST"}`)
	fault(t, `{"kind": "status", "status": 500, "method": "GET", "count": 1000}`)
	applicant := ada(fmt.Sprint("go-unknown-", time.Now().UnixNano()))
	_, err := c.Create(context.Background(), applicant)
	var unknown *deepidv.OutcomeUnknownError
	var e *deepidv.Error
	if !errors.As(err, &unknown) || errors.As(err, &e) || unknown.ReconcileToken == "" {
		t.Fatal(err)
	}
	if deepidv.Retryable(err) || unknown.Temporary() || !errors.Is(err, deepidv.StatusOutcomeUnknown) {
		t.Error(err)
	}
	noFaults()
	session, err := c.Reconcile(context.Background(), unknown.ReconcileToken)
	if err != nil || !session.Reconciled || session.ExternalID != applicant.ExternalID {
		t.Error(session, err)
	}
}

func TestContextCancelsAndTheOutcomeIsKnown(t *testing.T) {
	c := client(t)
	fault(t, `{"kind": "wait", "milliseconds": 30000, "count": 2}`)
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_, err := c.Create(ctx, ada(""))
	var unknown *deepidv.OutcomeUnknownError
	if !errors.As(err, &unknown) || errors.Is(err, context.DeadlineExceeded) || unknown.ReconcileToken == "" {
		t.Error(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	go func() {
		time.Sleep(200 * time.Millisecond)
		stop()
	}()
	_, err = c.Retrieve(ctx, "sess_1")
	if !errors.Is(err, context.Canceled) || !errors.Is(err, deepidv.StatusCancelled) || deepidv.Retryable(err) {
		t.Error(err)
	}
	if _, err = c.Create(ctx, ada("")); err != context.Canceled {
		t.Error("an ended context sends nothing", err)
	}
}

func TestFiftyGoroutinesOverOneClient(t *testing.T) {
	c := client(t)
	var group sync.WaitGroup
	var mu sync.Mutex
	ids := map[string]bool{}
	for i := 0; i < 50; i++ {
		group.Add(1)
		go func(i int) {
			defer group.Done()
			session, err := c.Create(context.Background(), ada(fmt.Sprint("go-many-", i)))
			if err != nil {
				t.Error(err)
				return
			}
			mu.Lock()
			defer mu.Unlock()
			ids[session.ID] = true
		}(i)
		runtime.GC()
	}
	group.Wait()
	if len(ids) != 50 {
		t.Error(len(ids))
	}
}

func TestCloseEndsCallsInFlight(t *testing.T) {
	c := client(t)
	fault(t, `{"kind": "wait", "milliseconds": 30000}`)
	failed := make(chan error)
	go func() {
		_, err := c.Retrieve(context.Background(), "sess_1")
		failed <- err
	}()
	time.Sleep(200 * time.Millisecond)
	c.Close()
	if err := <-failed; !errors.Is(err, deepidv.StatusCancelled) {
		t.Error(err)
	}
	c.Close()
	if _, err := c.Retrieve(context.Background(), "x"); !errors.Is(err, deepidv.StatusClosed) {
		t.Error(err)
	}
}

// A client that nobody holds any more is collected, but not during a call.
func TestCollector(t *testing.T) {
	before := runtime.NumGoroutine()
	for i := 0; i < 20; i++ {
		c, err := deepidv.NewClient(key, deepidv.WithBaseURL(baseURL), deepidv.WithRateLimit(0))
		if err != nil {
			t.Fatal(err)
		}
		done := make(chan error)
		go func(c *deepidv.Client) {
			_, err := c.Create(context.Background(), ada(""))
			done <- err
		}(c)
		c = nil
		for running := true; running; {
			runtime.GC()
			select {
			case err := <-done:
				if err != nil {
					t.Fatal(err)
				}
				running = false
			default:
			}
		}
	}
	http.DefaultClient.CloseIdleConnections()
	for deadline := time.Now().Add(20 * time.Second); runtime.NumGoroutine() > before; runtime.GC() {
		if time.Now().After(deadline) {
			t.Fatalf("%d goroutines are left", runtime.NumGoroutine()-before)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

func abandon() {
	c, err := deepidv.NewClientFromEnv()
	if err != nil {
		panic(err)
	}
	go c.Retrieve(context.Background(), "sess_1")
	time.Sleep(200 * time.Millisecond)
	fmt.Println("end")
}

func TestProgramEndsWithCallsInFlight(t *testing.T) {
	fault(t, `{"kind": "wait", "milliseconds": 60000}`)
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	program := exec.CommandContext(ctx, os.Args[0])
	program.Env = append(os.Environ(), "DEEPIDV_TEST_ABANDON=1", "DEEPIDV_API_KEY="+key, "DEEPIDV_BASE_URL="+baseURL)
	if output, err := program.CombinedOutput(); err != nil || string(output) != "end\n" {
		t.Error(string(output), err)
	}
}

func TestRedirect(t *testing.T) {
	r, err := deepidv.ParseRedirect("https://a.example/cb?session_id=s%C3%A9ss&status=failed&reason=face_mismatch&mine=1")
	if err != nil || r.SessionID != "séss" || r.Status != deepidv.RedirectFailed || r.Reason != deepidv.ReasonFaceMismatch {
		t.Fatal(r, err)
	}
	if len(r.Params) != 4 || r.Params[3] != (deepidv.Param{Name: "mine", Value: "1"}) {
		t.Error(r.Params)
	}
	if err := r.Matches("séss"); err != nil {
		t.Error(err)
	}
	if err := r.Matches("other"); !errors.Is(err, deepidv.StatusMismatch) {
		t.Error(err)
	}
	if _, err := deepidv.ParseRedirect("?status=failed&status=success"); !errors.Is(err, deepidv.StatusRepeated) {
		t.Error(err)
	}
	long := strings.Repeat("x", 20000)
	if r, err := deepidv.ParseRedirect("?session_id=1&long=" + long); err != nil || r.Params[1].Value != long {
		t.Error(err)
	}
}

func TestWebhook(t *testing.T) {
	body := []byte(`{"type": "session.status.verified", "data": {"id": "sess_1", "status": "VERIFIED"}}`)
	w, err := deepidv.OpenWebhook(body, "whsec_new", "whsec_old", "whsec_new")
	if err != nil || w.Type != deepidv.WebhookSessionVerified || w.SessionID != "sess_1" || w.Verdict != deepidv.VerdictVerified {
		t.Fatal(w, err)
	}
	if !w.Supersedes("") || w.Supersedes(w.Key) {
		t.Error(w.Key)
	}
	_, forged := deepidv.OpenWebhook(body, "whsec_wrong", "whsec_new")
	_, malformed := deepidv.OpenWebhook([]byte("{}"), "whsec_new", "whsec_new")
	if !errors.Is(forged, deepidv.StatusWebhookSignature) || !errors.Is(malformed, deepidv.StatusWebhook) {
		t.Error(forged, malformed)
	}
	if forged.Error() != malformed.Error() || !errors.Is(forged, deepidv.ClassUntrusted) {
		t.Error(forged, malformed)
	}
}

// TestOutcomesWithoutDescription runs the tests of all outcomes again, where memory runs out for each description.
func TestOutcomesWithoutDescription(t *testing.T) {
	if os.Getenv("LD_PRELOAD") != "" {
		t.Skip("in a process of its own")
	}
	source, library := t.TempDir()+"/describe.c", t.TempDir()+"/describe.so"
	const text = "#include <stddef.h>\n" +
		"const char *deepidv_result_describe(const void *result, size_t *length) { *length = 0; return NULL; }\n"
	if err := os.WriteFile(source, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if printed, err := exec.Command("cc", "-shared", "-fPIC", "-o", library, source).CombinedOutput(); err != nil {
		t.Fatal(err, string(printed))
	}
	const tests = "TestSessionFrom|TestUnknownOutcome|TestWaitEnds|TestContextCancels"
	again := exec.Command(os.Args[0], "-test.v", "-test.run", tests)
	again.Env = append(os.Environ(), "LD_PRELOAD="+library, "DEEPIDV_TEST_EMULATOR="+baseURL)
	printed, err := again.CombinedOutput()
	if passed := strings.Count(string(printed), "--- PASS"); err != nil || passed < 4 {
		t.Fatal(err, passed, string(printed))
	}
}

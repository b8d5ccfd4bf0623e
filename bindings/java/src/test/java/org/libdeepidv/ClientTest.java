package org.libdeepidv;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.After;
import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.Test;
import org.junit.runner.Request;

public class ClientTest {
    private static Emulator emulator;

    @BeforeClass
    public static void start() throws Exception {
        emulator = new Emulator();
    }

    @AfterClass
    public static void stop() throws Exception {
        emulator.close();
    }

    @After
    public void noFaults() throws Exception {
        emulator.noFaults();
    }

    private static String unique(String name) {
        return name + "-" + System.nanoTime();
    }

    @Test
    public void sessionFromCreateToDecision() {
        try (Client client = emulator.client()) {
            String externalId = unique("життя");
            Applicant applicant = Emulator.ada().externalId(externalId);
            Session created = client.create(applicant);
            assertTrue(created.url().contains(created.id()));
            Session found = client.findOrCreate(applicant);
            assertTrue(found.found() && found.id().equals(created.id()));
            assertNull(found.url());
            Session record = client.retrieve(created.id());
            assertEquals(externalId, record.externalId());
            assertEquals(Verdict.PENDING, record.verdict());
            assertTrue(new String(record.raw(), StandardCharsets.UTF_8).contains(externalId));
            Page page = client.list(externalId, 10, null);
            assertEquals(List.of(created.id()), page.ids());
            assertNull(page.nextToken());
            assertEquals(Verdict.VERIFIED, client.updateStatus(created.id(), Decision.VERIFIED).verdict());
            assertEquals("VERIFIED", client.waitForDecision(created.id(), Duration.ofMinutes(1)).status());
            String redirect = "/cb?session_id=" + created.id() + "&status=failed";
            assertEquals(Verdict.VERIFIED, client.confirm(redirect, created.id()).verdict());
            assertEquals(Verdict.FORGED, client.confirm("/cb?session_id=x", created.id()).verdict());
        }
    }

    @Test
    public void waitEndsWithTheLastRecord() {
        try (Client client = emulator.client()) {
            String id = client.create(Emulator.ada()).id();
            AnswerException failure =
                    assertThrows(
                            AnswerException.class, () -> client.waitForDecision(id, Duration.ofSeconds(1)));
            assertEquals(Status.TIMEOUT, failure.status());
            assertEquals(id, failure.session().id());
            assertTrue(failure.retryable());
            assertThrows(ArgumentException.class, () -> client.waitForDecision(id, Duration.ofDays(365_000)));
        }
    }

    @Test
    public void fieldsAndOptionsAreRefused() {
        try (Client client = emulator.client()) {
            refused(client, Emulator.ada().phone("1"), Status.PHONE, "phone");
            refused(client, Emulator.ada().firstName("a\0b"), Status.NUL, "first_name");
            refused(client, Emulator.ada().expiresInHours(-1), Status.RANGE, "expires_in_hours");
            refused(client, Emulator.ada().lastName("\ud800"), Status.UTF8, null);
            refused(client, new Applicant().firstName("A"), Status.REQUIRED, "last_name");
            refused(client, Applicant.fromJson("{\"x\": 1}"), Status.FIELD, null);
            assertEquals(
                    "external_id",
                    assertThrows(ArgumentException.class, () -> client.findOrCreate(Emulator.ada())).field());
        }
        Options elsewhere = emulator.options().baseUrl("http://a.example");
        ArgumentException failure = assertThrows(ArgumentException.class, () -> new Client(elsewhere));
        assertEquals("DEEPIDV_E_SCHEME", failure.code());
        assertEquals("base_url", failure.field());
        new Client(elsewhere.allowHttpHosts("a.example")).close();
        assertThrows(ArgumentException.class, () -> new Client(emulator.options().set("timeout", "1")));
    }

    private static void refused(Client client, Applicant applicant, Status status, String field) {
        ArgumentException failure = assertThrows(ArgumentException.class, () -> client.create(applicant));
        assertEquals(status, failure.status());
        assertFalse(failure.retryable());
        if (field != null) {
            assertEquals(field, failure.field());
        }
    }

    @Test
    public void errorsOfTheService() throws Exception {
        try (Client client = emulator.client()) {
            ServiceException failure = assertThrows(ServiceException.class, () -> client.retrieve("sess_none"));
            assertEquals(Status.NOT_FOUND, failure.status());
            assertEquals(404, failure.httpStatus());
            // The stack is that of the caller.
            assertTrue(
                    Stream.of(failure.getStackTrace())
                            .anyMatch(frame -> frame.getClassName().equals(ClientTest.class.getName())));
            emulator.fault(
                    "{\"kind\": \"status\", \"status\": 400, \"method\": \"POST\","
                            + " \"body\": \"{\\\"message\\\": \\\"Ada is refused\\\"}\"}");
            failure = assertThrows(ServiceException.class, () -> client.create(Emulator.ada()));
            assertEquals("Ada is refused", failure.apiMessage());
            assertFalse(failure.toString().contains("Ada"));
        }
    }

    @Test
    public void unknownOutcomeIsReconciled() throws Exception {
        try (Client client = new Client(emulator.options().timeout(Duration.ofSeconds(2)))) {
            emulator.fault("{\"kind\": \"close\", \"method\": \"POST\"}");
            emulator.fault("{\"kind\": \"status\", \"status\": 500, \"method\": \"GET\", \"count\": 999}");
            String externalId = unique("unknown");
            OutcomeUnknownException unknown =
                    assertThrows(
                            OutcomeUnknownException.class,
                            () -> client.create(Emulator.ada().externalId(externalId)));
            assertFalse(unknown.retryable());
            emulator.noFaults();
            Session session = client.reconcile(unknown.reconcileToken());
            assertTrue(session.reconciled());
            assertEquals(externalId, session.externalId());
        }
    }

    @Test
    public void cancellingStillTellsTheOutcome() throws Exception {
        try (Client client = emulator.client()) {
            emulator.fault("{\"kind\": \"wait\", \"milliseconds\": 30000, \"count\": 2}");
            CompletableFuture<Session> create = client.createAsync(Emulator.ada());
            assertThrows(
                    java.util.concurrent.TimeoutException.class, () -> create.get(1, TimeUnit.SECONDS));
            assertFalse(create.cancel(true));
            CompletionException failure = assertThrows(CompletionException.class, create::join);
            assertNotNull(((OutcomeUnknownException) failure.getCause()).reconcileToken());
            CompletableFuture<Session> retrieve = client.retrieveAsync("sess_1");
            retrieve.cancel(true);
            failure = assertThrows(CompletionException.class, retrieve::join);
            assertEquals(Status.CANCELLED, ((DeepidvException) failure.getCause()).status());
        }
    }

    @Test
    public void interruptionStillTellsTheOutcome() throws Exception {
        try (Client client = emulator.client()) {
            emulator.fault("{\"kind\": \"wait\", \"milliseconds\": 30000}");
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            Thread thread =
                    new Thread(
                            () -> {
                                try {
                                    client.create(Emulator.ada());
                                } catch (OutcomeUnknownException unknown) {
                                    thrown.set(Thread.currentThread().isInterrupted() ? unknown : null);
                                }
                            });
            thread.start();
            Thread.sleep(1000);
            thread.interrupt();
            thread.join(20_000);
            assertNotNull(thrown.get());
        }
    }

    @Test
    public void fiftyFuturesAtOnceWithGarbage() {
        try (Client client = emulator.client()) {
            List<CompletableFuture<Session>> all =
                    Stream.generate(() -> client.createAsync(Emulator.ada())).limit(50).toList();
            System.gc();
            Set<String> ids = all.stream().map(one -> one.join().id()).collect(Collectors.toSet());
            assertEquals(50, ids.size());
        }
    }

    @Test
    public void continuationsMayBlock() {
        try (Client client = emulator.client()) {
            String status =
                    client.createAsync(Emulator.ada())
                            .thenApply(session -> client.retrieve(session.id()).status())
                            .join();
            assertEquals("PENDING", status);
        }
    }

    @Test
    public void clientsAreCollectedButNotInFlight() throws Exception {
        long before = descriptors();
        for (int i = 0; i < 50; i++) {
            CompletableFuture<Session> create = emulator.client().createAsync(Emulator.ada());
            System.gc();
            assertNotNull(create.join().id());
        }
        for (int i = 0; i < 200 && descriptors() > before + 10; i++) {
            System.gc();
            Thread.sleep(20);
        }
        assertTrue(descriptors() <= before + 10);
    }

    private static long descriptors() throws Exception {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            return all.count();
        }
    }

    @Test
    public void closeEndsCallsInFlight() throws Exception {
        emulator.fault("{\"kind\": \"wait\", \"milliseconds\": 30000}");
        Client client = emulator.client();
        CompletableFuture<Session> retrieve = client.retrieveAsync("sess_1");
        client.close();
        client.close();
        CompletionException failure = assertThrows(CompletionException.class, retrieve::join);
        assertEquals(Status.CANCELLED, ((DeepidvException) failure.getCause()).status());
        assertEquals(
                Status.CLOSED, assertThrows(AnswerException.class, () -> client.retrieve("x")).status());
    }

    private static ProcessBuilder java(Class<?> program) {
        return new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                program.getName());
    }

    @Test
    public void programEndsWithOperationsInFlight() throws Exception {
        emulator.fault("{\"kind\": \"wait\", \"milliseconds\": 60000}");
        ProcessBuilder builder = java(Abandon.class);
        builder.environment().put("DEEPIDV_API_KEY", "dk_emulator");
        builder.environment().put("DEEPIDV_BASE_URL", emulator.url);
        Process program = builder.inheritIO().start();
        assertTrue(program.waitFor(20, TimeUnit.SECONDS));
        assertEquals(0, program.exitValue());
    }

    /** Runs tests of outcomes again, where memory runs out for each description. */
    @Test
    public void outcomesWithoutDescription() throws Exception {
        Path folder = Files.createTempDirectory("deepidv");
        Path source = folder.resolve("describe.c");
        Path library = folder.resolve("describe.so");
        Path real = Path.of(System.getenv("DEEPIDV_LIBRARY"));
        String text =
                "#include <stddef.h>\nconst char *deepidv_result_describe(const void *result, size_t *length)"
                        + " { *length = 0; return NULL; }\n";
        Files.writeString(source, text);
        // The other functions are found in the library that this one needs.
        ProcessBuilder compiler =
                new ProcessBuilder(
                        "cc",
                        "-shared",
                        "-fPIC",
                        "-o",
                        library.toString(),
                        source.toString(),
                        "-Wl,--no-as-needed",
                        "-Wl,-rpath," + real.getParent(),
                        real.toString());
        assertEquals(0, compiler.inheritIO().start().waitFor());
        ProcessBuilder builder = java(Again.class);
        builder.environment().put("DEEPIDV_LIBRARY", library.toString());
        Process program = builder.inheritIO().start();
        assertTrue(program.waitFor(60, TimeUnit.SECONDS));
        assertEquals(0, program.exitValue());
        for (Path path : List.of(source, library, folder)) {
            Files.delete(path);
        }
    }

    /** Runs tests that know nothing of the description. */
    public static final class Again {
        public static void main(String[] arguments) {
            for (String name :
                    List.of("sessionFromCreateToDecision", "waitEndsWithTheLastRecord", "unknownOutcomeIsReconciled")) {
                var result = new org.junit.runner.JUnitCore().run(Request.method(ClientTest.class, name));
                result.getFailures().forEach(failure -> System.out.println(failure.getTrace()));
                if (!result.wasSuccessful() || result.getRunCount() != 1) {
                    System.exit(1);
                }
            }
        }
    }

    /** Ends while an operation is in flight. */
    public static final class Abandon {
        public static void main(String[] arguments) throws Exception {
            new Client(Options.fromEnvironment()).retrieveAsync("sess_1");
            Thread.sleep(200);
        }
    }
}

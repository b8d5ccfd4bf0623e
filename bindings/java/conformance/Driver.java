// The conformance driver of the Java package. The commands are in conformance/README.md.

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.libdeepidv.*;

final class Driver {
    private static final Client CLIENT = new Client(Options.fromEnvironment());

    private static String status(DeepidvException failure) {
        return failure.field() == null ? failure.code() : failure.code() + "\t" + failure.field();
    }

    /** The JSON of a result, also of a failed one. */
    private static String show(Supplier<String> call) {
        try {
            return call.get();
        } catch (DeepidvException failure) {
            return failure.describe().isEmpty() ? status(failure) : failure.describe();
        }
    }

    private static String statusOf(Runnable call) {
        try {
            call.run();
            return "DEEPIDV_OK";
        } catch (DeepidvException failure) {
            return status(failure);
        }
    }

    private record Done(int tag, String id) {}

    private static String many(String[] field) {
        List<CompletableFuture<Done>> all =
                IntStream.rangeClosed(1, Integer.parseInt(field[1]))
                        .mapToObj(
                                tag ->
                                        CLIENT.createAsync(
                                                        Applicant.fromJson(field[2]).externalId(field[0] + "-" + tag))
                                                .thenApply(session -> new Done(tag, session.id())))
                        .toList();
        if (field[0].equals("collect")) {
            for (int i = 0; i < 1000; i++) {
                new Client(Options.fromEnvironment());
            }
            System.gc();
        }
        List<Done> done = all.stream().map(CompletableFuture::join).toList();
        return done.size()
                + " completions, tags "
                + done.stream().mapToInt(Done::tag).sum()
                + ", "
                + done.stream().map(Done::id).distinct().count()
                + " sessions";
    }

    private static String cancel(String id) throws Exception {
        CompletableFuture<Session> retrieve = CLIENT.retrieveAsync(id);
        String first = "DEEPIDV_OK";
        try {
            retrieve.get(50, TimeUnit.MILLISECONDS);
        } catch (TimeoutException exception) {
            first = "DEEPIDV_E_TIMEOUT";
        } catch (ExecutionException exception) {
            first = status((DeepidvException) exception.getCause());
        }
        retrieve.cancel(true);
        try {
            retrieve.join();
            return first + "\tDEEPIDV_OK";
        } catch (CompletionException exception) {
            return first + "\t" + status((DeepidvException) exception.getCause());
        }
    }

    private static String order(String request) {
        Session session;
        try (Client other = new Client(Options.fromEnvironment())) {
            session = other.create(Applicant.fromJson(request));
        }
        return session.describe();
    }

    private static String run(String[] field) throws Exception {
        return switch (field[0]) {
            case "version" -> (Deepidv.abiVersion() >>> 16) + "." + (Deepidv.abiVersion() & 0xffff);
            case "redirect" -> show(() -> Redirect.parse(field[1]).describe());
            case "matches" ->
                    show(() -> Redirect.parse(field[1]).matches(field[2]) ? "DEEPIDV_OK" : "DEEPIDV_E_MISMATCH");
            case "webhook" ->
                    show(() -> Webhook.open(field[3].getBytes(StandardCharsets.UTF_8), field[2], field[1]).describe());
            case "option" ->
                    statusOf(() -> Client.check(new Options().set(field[1], field[2]))).split("\t")[0];
            case "check" -> statusOf(() -> Client.check(Applicant.fromJson(field[1])));
            case "create" -> show(() -> CLIENT.create(Applicant.fromJson(field[1])).describe());
            case "find" -> show(() -> CLIENT.findOrCreate(Applicant.fromJson(field[1])).describe());
            case "retrieve" -> show(() -> CLIENT.retrieve(field[1]).describe());
            case "list" -> show(() -> CLIENT.list(field[1], Integer.parseInt(field[2]), null).describe());
            case "update" -> show(() -> CLIENT.updateStatus(field[1], Decision.valueOf(field[2])).describe());
            case "confirm" -> show(() -> CLIENT.confirm(field[1], field[2]).describe());
            case "reconcile" -> show(() -> CLIENT.reconcile(field[1]).describe());
            case "many", "collect" -> many(field);
            case "cancel" -> cancel(field[1]);
            case "nul" ->
                    statusOf(() -> Client.check(Applicant.fromJson(field[1]).firstName("a\0b"))).split("\t")[0];
            case "order" -> show(() -> order(field[1]));
            default -> "unsupported";
        };
    }

    public static void main(String[] arguments) throws Exception {
        PrintStream output = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line; (line = input.readLine()) != null; ) {
            output.print(run(line.split("\t", -1)) + "\n");
            output.flush();
        }
        CLIENT.close();
    }
}

package org.libdeepidv;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;

/** An emulator process. DEEPIDV_EMULATOR is its path. */
final class Emulator {
    private static long people = 0;

    private final Process process;
    final String url;

    Emulator() throws IOException {
        process =
                new ProcessBuilder(System.getenv("DEEPIDV_EMULATOR"), "--port", "0", "--rate", "0", "--exit-with-parent")
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        String line = new BufferedReader(new InputStreamReader(process.getInputStream())).readLine();
        url = line.substring(line.lastIndexOf(' ') + 1);
    }

    Options options() {
        return new Options().apiKey("dk_emulator").baseUrl(url).rateLimit(0);
    }

    Client client() {
        return new Client(options());
    }

    /** Another applicant each time, because a repeated create is guarded. */
    static synchronized Applicant ada() {
        people++;
        return new Applicant()
                .firstName("Ада")
                .lastName("Lovelace " + people)
                .email("ada@example.com")
                .phone("+15192223333");
    }

    void fault(String json) throws Exception {
        send(request().header("Content-Type", "application/json").POST(BodyPublishers.ofString(json)));
    }

    void noFaults() throws Exception {
        send(request().DELETE());
    }

    private HttpRequest.Builder request() {
        return HttpRequest.newBuilder(URI.create(url + "/emulator/faults"));
    }

    private static void send(HttpRequest.Builder request) throws Exception {
        int status = HttpClient.newHttpClient().send(request.build(), BodyHandlers.discarding()).statusCode();
        if (status >= 300) {
            throw new IOException("HTTP " + status);
        }
    }

    void close() throws Exception {
        process.getOutputStream().close();
        process.waitFor();
    }
}

package dev.patchbay.bench.compare;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/// What a gateway's metrics say about its batches.
///
/// @param calls that were answered in batches
/// @param batches that there were
record BatchSizes(double calls, double batches) {

    static BatchSizes of(int adminPort) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            String scrape = http.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + adminPort + "/metrics"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
            return new BatchSizes(sum(scrape, "patchbay_batch_size_sum{"), sum(scrape, "patchbay_batch_size_count{"));
        }
    }

    private static double sum(String scrape, String begin) {
        return scrape.lines()
                .filter(line -> line.startsWith(begin))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    double meanSince(BatchSizes before) {
        return (calls - before.calls) / (batches - before.batches);
    }
}

package dev.patchbay.metrics.cloudwatch;

import dev.patchbay.api.runtime.MetricsSink;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;
import software.amazon.awssdk.services.cloudwatch.model.MetricDatum;
import software.amazon.awssdk.services.cloudwatch.model.PutMetricDataRequest;
import software.amazon.awssdk.services.cloudwatch.model.StandardUnit;

/// Sends metrics to Amazon CloudWatch, if `PATCHBAY_CLOUDWATCH_NAMESPACE` names the namespace they go to. Region,
/// credentials and endpoint are found as every program with Amazon's SDK finds them.
public final class CloudWatchSink implements MetricsSink {

    private static final String NAMESPACE = "PATCHBAY_CLOUDWATCH_NAMESPACE";
    /// What [PutMetricData](https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html)
    /// takes: 1,000 metrics and 1 MB in a request. A metric with all buckets is some 600 bytes.
    private static final int AT_ONCE = 500;

    private @Nullable CloudWatchClient client;
    private String namespace = "";

    @Override
    public String name() {
        return "cloudwatch";
    }

    @Override
    public boolean start(Function<String, @Nullable String> environment) {
        String wanted = environment.apply(NAMESPACE);
        if (wanted == null || wanted.isBlank()) {
            return false;
        }
        if (wanted.startsWith("AWS/") || wanted.length() > 255) {
            throw new IllegalArgumentException(
                    NAMESPACE + " must have at most 255 characters and not begin with AWS/, but is '" + wanted + "'");
        }
        namespace = wanted;
        client = CloudWatchClient.builder()
                .region(region())
                .httpClientBuilder(UrlConnectionHttpClient.builder()
                        .connectionTimeout(Duration.ofSeconds(5))
                        .socketTimeout(Duration.ofSeconds(10)))
                .overrideConfiguration(config -> config.apiCallTimeout(Duration.ofSeconds(30)))
                .build();
        return true;
    }

    private static Region region() {
        try {
            return new DefaultAwsRegionProviderChain().getRegion();
        } catch (SdkClientException e) {
            throw new IllegalArgumentException(
                    "AWS_REGION is not set, and neither a profile nor the machine names a region", e);
        }
    }

    @Override
    public void send(Instant at, List<Sample> samples) {
        CloudWatchClient open = Objects.requireNonNull(client, "start() first");
        for (int from = 0; from < samples.size(); from += AT_ONCE) {
            List<MetricDatum> data = new ArrayList<>();
            for (Sample sample : samples.subList(from, Math.min(samples.size(), from + AT_ONCE))) {
                data.add(datum(at, sample));
            }
            open.putMetricData(PutMetricDataRequest.builder()
                    .namespace(namespace)
                    .metricData(data)
                    .build());
        }
    }

    private static MetricDatum datum(Instant at, Sample sample) {
        List<Dimension> dimensions = new ArrayList<>();
        for (Map.Entry<String, String> label : sample.labels().entrySet()) {
            // an empty value is refused
            if (!label.getValue().isEmpty()) {
                dimensions.add(Dimension.builder()
                        .name(label.getKey())
                        .value(label.getValue())
                        .build());
            }
        }
        List<Double> values = new ArrayList<>(sample.values().keySet());
        return MetricDatum.builder()
                .metricName(sample.name())
                .dimensions(dimensions)
                .timestamp(at)
                .unit(unit(sample.unit()))
                .values(values)
                .counts(values.stream()
                        .map(value -> sample.values().getOrDefault(value, 0.0))
                        .toList())
                .build();
    }

    private static StandardUnit unit(String unit) {
        return switch (unit) {
            case "seconds" -> StandardUnit.SECONDS;
            case "bytes" -> StandardUnit.BYTES;
            case "count" -> StandardUnit.COUNT;
            default -> StandardUnit.NONE;
        };
    }

    @Override
    public void close() {
        if (client != null) {
            client.close();
        }
    }
}

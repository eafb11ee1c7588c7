package dev.patchbay.llm.wire;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/// The connections to one provider, kept open between calls, and the clock that ends calls that take too long. A call
/// reads on the thread that makes it, so that nobody stands between a token and its reader. It follows no redirects: a
/// key must not travel to another address. Nobody closes it under its calls: without calls its clock's thread ends, and
/// connections that were not used are closed when they are met again.
final class ProviderHttp {

    private static final Timeout CONNECT = Timeout.ofSeconds(5);
    private static final TimeValue KEPT = TimeValue.ofSeconds(60);
    /// The clock ends what takes too long. A timeout of the socket would end it sooner, and cost a timer for each read.
    private static final SocketConfig UNTIMED =
            SocketConfig.custom().setSoTimeout(Timeout.DISABLED).build();
    /// A connection that was not used for this long may have been closed by the provider, and is tried before use.
    private static final TimeValue DOUBTED = TimeValue.ofMilliseconds(500);
    /// As many as there are calls: what bounds those are lanes, rates and budgets.
    private static final int MOST_CONNECTIONS = 100_000;
    private static final int MOST_HEADER_BYTES = 64 * 1024;
    private static final int MOST_HEADERS = 500;

    private final CloseableHttpClient client;
    private final ScheduledThreadPoolExecutor clock;

    /// Prepares connections by a provider's settings; the first call opens one.
    ///
    /// @throws IllegalArgumentException if its proxy or its authorities cannot be used
    ProviderHttp(ProviderSettings settings) {
        clock = new ScheduledThreadPoolExecutor(
                1,
                Thread.ofPlatform()
                        .daemon()
                        .inheritInheritableThreadLocals(false)
                        .name("patchbay-llm-" + settings.name() + "-clock")
                        .factory());
        clock.setRemoveOnCancelPolicy(true);
        clock.setKeepAliveTime(10, TimeUnit.SECONDS);
        clock.allowCoreThreadTimeOut(true);
        PoolingHttpClientConnectionManagerBuilder connections = PoolingHttpClientConnectionManagerBuilder.create()
                .setMaxConnTotal(MOST_CONNECTIONS)
                .setMaxConnPerRoute(MOST_CONNECTIONS)
                .setDefaultSocketConfig(UNTIMED)
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(CONNECT)
                        .setSocketTimeout(Timeout.DISABLED)
                        .setValidateAfterInactivity(DOUBTED)
                        .build())
                .setConnectionFactory(ManagedHttpClientConnectionFactory.builder()
                        .http1Config(Http1Config.custom()
                                .setMaxLineLength(MOST_HEADER_BYTES)
                                .setMaxHeaderCount(MOST_HEADERS)
                                .build())
                        .build());
        if (settings.authorities() != null) {
            connections.setTlsSocketStrategy(new DefaultClientTlsStrategy(trusting(settings.authorities())));
        }
        HttpClientBuilder builder = HttpClientBuilder.create()
                .setConnectionManager(connections.build())
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setProtocolUpgradeEnabled(false)
                        .setDefaultKeepAlive(KEPT.getDuration(), KEPT.getTimeUnit())
                        .build())
                .setUserAgent("patchbay")
                .disableAutomaticRetries()
                .disableRedirectHandling()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableContentCompression();
        if (settings.proxy() != null) {
            builder.setProxy(address(settings.proxy()));
        }
        client = builder.build();
    }

    CloseableHttpClient client() {
        return client;
    }

    ScheduledThreadPoolExecutor clock() {
        return clock;
    }

    private static HttpHost address(String proxy) {
        int colon = proxy.lastIndexOf(':');
        try {
            return new HttpHost(proxy.substring(0, Math.max(0, colon)), Integer.parseInt(proxy.substring(colon + 1)));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("proxy must be host:port, but is '" + proxy + "'", e);
        }
    }

    private static SSLContext trusting(Path authorities) {
        try (InputStream file = Files.newInputStream(authorities)) {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int number = 0;
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(file)) {
                store.setCertificateEntry("authority-" + number++, certificate);
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    "authorities: " + authorities + " cannot be read as PEM certificates: " + e.getMessage(), e);
        }
    }
}

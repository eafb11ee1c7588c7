package dev.patchbay.llm.wire;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// Makes the HTTP client of a provider. It follows no redirects: a key must not travel to another address.
public final class HttpClients {

    private static final Duration CONNECT = Duration.ofSeconds(5);

    private HttpClients() {}

    /// Makes a client by a provider's settings.
    ///
    /// @throws IllegalArgumentException if its proxy or its authorities cannot be used
    public static HttpClient of(ProviderSettings settings) {
        HttpClient.Builder builder = HttpClient.newBuilder()
                .connectTimeout(CONNECT)
                .followRedirects(HttpClient.Redirect.NEVER)
                .executor(Executors.newThreadPerTaskExecutor(Thread.ofVirtual()
                        .name("patchbay-llm-" + settings.name() + "-", 0)
                        .factory()));
        if (settings.proxy() != null) {
            builder.proxy(ProxySelector.of(address(settings.proxy())));
        }
        if (settings.authorities() != null) {
            builder.sslContext(trusting(settings.authorities()));
        }
        return builder.build();
    }

    private static InetSocketAddress address(String proxy) {
        int colon = proxy.lastIndexOf(':');
        try {
            return InetSocketAddress.createUnresolved(
                    proxy.substring(0, Math.max(0, colon)), Integer.parseInt(proxy.substring(colon + 1)));
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

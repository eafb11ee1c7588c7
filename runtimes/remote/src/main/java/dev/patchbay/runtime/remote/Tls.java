package dev.patchbay.runtime.remote;

import dev.patchbay.api.ModuleContext;
import dev.patchbay.api.runtime.Keys;
import io.grpc.ChannelCredentials;
import io.grpc.TlsChannelCredentials;
import io.grpc.util.AdvancedTlsX509KeyManager;
import io.grpc.util.AdvancedTlsX509TrustManager;
import io.grpc.util.CertificateUtils;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/// By what a server is known, and by what the gateway is known to it: files in PEM.
///
/// @param ca the certificates of the authorities that are trusted; null for those of Java
/// @param certificate the gateway's own, with those between it and its authority; null for none
/// @param key the private key for it (PKCS #8, not encrypted); null for none
record Tls(
        @Nullable Path ca,
        @Nullable Path certificate,
        @Nullable Path key) {

    private static final String FILE = "file:";

    /// Reads `remote.targets.NAME.tls` of `patchbay.yaml`, and the files it names.
    ///
    /// @throws IllegalArgumentException if something is wrong, naming the key
    static Tls read(Keys keys) {
        Path ca = file(keys, "ca", CertificateUtils::getX509Certificates);
        Path certificate = file(keys, "certificate", CertificateUtils::getX509Certificates);
        Path key = file(keys, "key", CertificateUtils::getPrivateKey);
        keys.finish();
        if ((certificate == null) != (key == null)) {
            throw keys.wrong(
                    key == null ? "key" : "certificate",
                    "is missing; certificate and key are what the gateway shows to the server, and go together");
        }
        return new Tls(ca, certificate, key);
    }

    private interface Reader {
        Object read(InputStream pem) throws IOException, GeneralSecurityException;
    }

    private static @Nullable Path file(Keys keys, String name, Reader reader) {
        String reference = keys.text(name);
        if (reference == null) {
            return null;
        }
        if (!reference.startsWith(FILE)) {
            throw keys.wrong(name, "must be a file: file:/path, in PEM");
        }
        Path file = Path.of(reference.substring(FILE.length()));
        try (InputStream pem = Files.newInputStream(file)) {
            Object read = reader.read(pem);
            if (read instanceof Object[] certificates && certificates.length == 0) {
                throw keys.wrong(name, file + " holds no certificate in PEM (-----BEGIN CERTIFICATE-----)");
            }
            return file;
        } catch (IOException e) {
            throw keys.wrong(name, file + " cannot be read: " + e);
        } catch (GeneralSecurityException e) {
            throw keys.wrong(
                    name,
                    "%s is not what it should be (%s): certificates in PEM; keys in PEM, PKCS #8, RSA or EC, not encrypted"
                            .formatted(file, e.getMessage()));
        }
    }

    /// What trusts, and what shows; the files are read again while the module lives, so that certificates that are
    /// replaced take effect with the next connection.
    private record Managers(TrustManager @Nullable [] trust, KeyManager @Nullable [] show) {}

    private Managers open(ModuleContext context) {
        ScheduledExecutorService clock = context.scheduler();
        context.own((AutoCloseable) clock::shutdownNow);
        try {
            TrustManager[] trust = null;
            KeyManager[] show = null;
            if (ca != null) {
                AdvancedTlsX509TrustManager authorities =
                        AdvancedTlsX509TrustManager.newBuilder().build();
                FreshFiles.read(
                        context, clock, List.of(ca), () -> authorities.updateTrustCredentials(certificates(ca)));
                trust = new TrustManager[] {authorities};
            }
            if (certificate != null && key != null) {
                AdvancedTlsX509KeyManager own = new AdvancedTlsX509KeyManager();
                FreshFiles.read(
                        context,
                        clock,
                        List.of(certificate, key),
                        () -> own.updateIdentityCredentials(certificate.toFile(), key.toFile()));
                show = new KeyManager[] {own};
            }
            return new Managers(trust, show);
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    "the files of remote.targets.NAME.tls in patchbay.yaml cannot be used any more: " + e, e);
        }
    }

    private static X509Certificate[] certificates(Path file) throws IOException, GeneralSecurityException {
        try (InputStream pem = Files.newInputStream(file)) {
            X509Certificate[] certificates = CertificateUtils.getX509Certificates(pem);
            if (certificates.length == 0) {
                throw new GeneralSecurityException(file + " holds no certificate in PEM");
            }
            return certificates;
        }
    }

    SSLContext context(ModuleContext module) {
        Managers managers = open(module);
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(managers.show(), managers.trust(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    ChannelCredentials credentials(ModuleContext module) {
        Managers managers = open(module);
        TlsChannelCredentials.Builder credentials = TlsChannelCredentials.newBuilder();
        if (managers.trust() != null) {
            credentials.trustManager(managers.trust());
        }
        if (managers.show() != null) {
            credentials.keyManager(managers.show());
        }
        return credentials.build();
    }
}

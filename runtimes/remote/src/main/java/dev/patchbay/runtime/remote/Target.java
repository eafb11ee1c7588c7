package dev.patchbay.runtime.remote;

import dev.patchbay.api.runtime.Keys;
import dev.patchbay.api.runtime.SecretReference;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Where a server is and what it wants to see with every call.
///
/// @param label what messages call it: its name in `patchbay.yaml` with host and port, or host and port alone
/// @param headers sent with every call
/// @param auth a header that is a secret
/// @param tls by what the server and the gateway know each other; null for what Java trusts
record Target(
        String label,
        URI url,
        Map<String, String> headers,
        @Nullable Auth auth,
        @Nullable Tls tls) {

    /// A header with a secret, which is read for each call, so that one that is replaced takes effect at once.
    record Auth(String header, String prefix, SecretReference secret) {}

    /// Reads `remote.targets.NAME` of `patchbay.yaml`.
    static Target named(String name, Keys keys) {
        URI url = url(keys);
        Map<String, String> headers = headers(keys);
        Auth auth = null;
        if (keys.has("auth")) {
            Keys section = keys.section("auth");
            String secret = section.required("secret", "where the secret is: env:NAME or file:/path");
            String header = section.text("header");
            boolean plain = header == null || header.equalsIgnoreCase("authorization");
            String prefix = section.text("prefix");
            try {
                auth = new Auth(
                        header == null ? "authorization" : header,
                        prefix == null ? (plain ? "Bearer " : "") : prefix + " ",
                        SecretReference.at(secret));
            } catch (IllegalArgumentException e) {
                throw section.wrong("secret", String.valueOf(e.getMessage()));
            }
            section.finish();
        }
        Tls tls = null;
        if (keys.has("tls")) {
            if (!url.getScheme().endsWith("s")) {
                throw keys.wrong("tls", "is for https:// and grpcs://, but the url is " + url.getScheme() + "://");
            }
            tls = Tls.read(keys.section("tls"));
        }
        keys.finish();
        return new Target("%s (%s)".formatted(name, place(url)), url, headers, auth, tls);
    }

    /// Reads what `module.yaml` says itself.
    static Target of(Keys section) {
        URI url = url(section);
        return new Target(place(url), url, headers(section), null, null);
    }

    /// Adds what a module says to what the gateway's config says.
    Target with(Map<String, String> more) {
        Map<String, String> both = new LinkedHashMap<>(headers);
        both.putAll(more);
        return new Target(label, url, both, auth, tls);
    }

    static Map<String, String> headers(Keys keys) {
        Map<String, String> headers = new LinkedHashMap<>();
        keys.textMap("headers").forEach((name, value) -> {
            if (value.startsWith("env:") || value.startsWith("file:")) {
                throw keys.wrong(
                        "headers." + name,
                        "is a secret's reference; a secret is named in patchbay.yaml: remote.targets.NAME.auth: {secret: %s, header: %s}"
                                .formatted(value, name));
            }
            headers.put(name.toLowerCase(Locale.ROOT), value);
        });
        return headers;
    }

    private static URI url(Keys keys) {
        String text = keys.required("url", "the server's address, such as http://models:8000 or grpc://models:8001");
        try {
            URI url = URI.create(text);
            String scheme = url.getScheme() == null ? "" : url.getScheme();
            if (!scheme.matches("https?|grpcs?") || url.getHost() == null) {
                throw keys.wrong("url", "must begin with http://, https://, grpc:// or grpcs:// and name a host");
            }
            if (url.getUserInfo() != null) {
                throw keys.wrong("url", "has a user in it; a secret is named by remote.targets.NAME.auth");
            }
            return url;
        } catch (IllegalArgumentException e) {
            throw e.getMessage() != null && e.getMessage().startsWith(keys.path("url"))
                    ? e
                    : keys.wrong("url", "is no address");
        }
    }

    /// Gives all headers that go with a call, the secret one included.
    ///
    /// @throws dev.patchbay.api.InferenceException if the secret is not there any more
    Map<String, String> sent() {
        if (auth == null) {
            return headers;
        }
        Map<String, String> all = new LinkedHashMap<>(headers);
        try {
            all.put(
                    auth.header().toLowerCase(Locale.ROOT),
                    auth.prefix() + auth.secret().reveal());
        } catch (IllegalArgumentException e) {
            throw RemoteFailure.of(
                    this, "cannot be asked: its secret %s is not there any more".formatted(auth.secret()), e);
        }
        return all;
    }

    private static String place(URI url) {
        return url.getPort() < 0 ? url.getHost() : url.getHost() + ":" + url.getPort();
    }

    boolean isGrpc() {
        return url.getScheme().startsWith("grpc");
    }

    boolean isSecure() {
        return url.getScheme().endsWith("s");
    }

    /// Gives the port, or what the scheme has where none is said.
    int port() {
        return url.getPort() >= 0 ? url.getPort() : isSecure() ? 443 : isGrpc() ? 8001 : 80;
    }

    URI at(String path) {
        String base = url.toString();
        return URI.create((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + path);
    }
}

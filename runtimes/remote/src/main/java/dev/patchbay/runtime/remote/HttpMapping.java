package dev.patchbay.runtime.remote;

import dev.patchbay.api.InferenceException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What is sent to a JSON service, and what of its answer is the task's.
///
/// @param method such as `POST`
/// @param path behind the url; parts in braces are JSON Pointers into the request
/// @param query parameters of the address, made of the request
/// @param request the body, made of the request; null to send no body
/// @param response the answer, made of the service's answer
/// @param health answers a GET with 2xx while the service is well; null for nothing of the kind
/// @param repeatable whether a call that broke off before the head of its answer may be made again
record HttpMapping(
        String method,
        String path,
        Map<String, Template> query,
        @Nullable Template request,
        Template response,
        @Nullable String health,
        boolean repeatable) {

    private static final Pattern PLACE = Pattern.compile("\\{([^{}]*)\\}");

    /// Lists the pointers in a path.
    ///
    /// @throws IllegalArgumentException if there is another thing in braces; the message follows a key
    static List<Template.Pointer> pointers(String path) {
        List<Template.Pointer> pointers = new ArrayList<>();
        Matcher places = PLACE.matcher(path);
        while (places.find()) {
            if (!places.group(1).startsWith("/")) {
                throw new IllegalArgumentException(
                        "has {%s}; in braces is a JSON Pointer into the request, such as {/customer/id}"
                                .formatted(places.group(1)));
            }
            pointers.add(Template.Pointer.of(places.group(1)));
        }
        return pointers;
    }

    /// Makes the path and query of a call.
    ///
    /// @throws InferenceException if the request lacks what they need
    String address(Object input) {
        String filled = PLACE.matcher(path)
                .replaceAll(place ->
                        Matcher.quoteReplacement(OipRest.encoded(plain(Template.Pointer.of(place.group(1)), input))));
        Map<String, String> parameters = new LinkedHashMap<>();
        query.forEach((name, template) -> {
            Object value = template.fill(input);
            if (value != Template.MISSING && value != null) {
                parameters.put(name, String.valueOf(value));
            }
        });
        StringBuilder address = new StringBuilder(filled);
        parameters.forEach((name, value) -> address.append(address.indexOf("?") < 0 ? '?' : '&')
                .append(OipRest.encoded(name))
                .append('=')
                .append(OipRest.encoded(value)));
        return address.toString();
    }

    private static String plain(Template.Pointer pointer, Object input) {
        Object value = pointer.fill(input);
        if (value == Template.MISSING || value == null || value instanceof Map || value instanceof List) {
            throw InferenceException.invalid(
                    pointer.text(), "must be a text or a number, because it is part of an address");
        }
        return String.valueOf(value);
    }
}

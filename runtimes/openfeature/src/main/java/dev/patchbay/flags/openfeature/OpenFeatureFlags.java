package dev.patchbay.flags.openfeature;

import dev.openfeature.sdk.Client;
import dev.openfeature.sdk.FeatureProvider;
import dev.openfeature.sdk.FlagEvaluationDetails;
import dev.openfeature.sdk.ImmutableContext;
import dev.openfeature.sdk.OpenFeatureAPI;
import dev.openfeature.sdk.Value;
import dev.patchbay.api.runtime.FlagSource;
import java.lang.reflect.InvocationTargetException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Asks flags of an [OpenFeature](https://openfeature.dev) provider, as texts. Errors, and flags that are not there
/// yet, are told apart from flags without a value as the specification does it: by their error code.
public final class OpenFeatureFlags implements FlagSource {

    /// The domain under which a program may register a provider for the gateway alone.
    public static final String DOMAIN = "patchbay";

    private volatile @Nullable OpenFeatureAPI own;
    private volatile @Nullable Client client;

    /// Starts the provider of a class, which has a public constructor without parameters; without one, the provider
    /// counts that the program has registered with [OpenFeatureAPI] for the domain [#DOMAIN] or for all.
    @Override
    public void start(@Nullable String provider) {
        if (provider == null) {
            client = OpenFeatureAPI.getInstance().getClient(DOMAIN);
            return;
        }
        OpenFeatureAPI api = OpenFeatureAPI.createIsolated();
        // initializes on a thread of its own: a provider that does not answer does not hold up the start
        api.setProvider(made(provider));
        own = api;
        client = api.getClient(DOMAIN);
    }

    private static FeatureProvider made(String name) {
        try {
            Object provider = Class.forName(name, true, OpenFeatureFlags.class.getClassLoader())
                    .getConstructor()
                    .newInstance();
            if (provider instanceof FeatureProvider feature) {
                return feature;
            }
            throw new IllegalArgumentException("'%s' is no %s".formatted(name, FeatureProvider.class.getName()));
        } catch (ClassNotFoundException e) {
            throw new IllegalArgumentException(
                    "'%s' is in no jar beside this one; put its jars into the folder of the flag source"
                            .formatted(name),
                    e);
        } catch (NoSuchMethodException | IllegalAccessException | InstantiationException e) {
            throw new IllegalArgumentException(
                    "'%s' is no class with a public constructor without parameters".formatted(name), e);
        } catch (InvocationTargetException e) {
            throw new IllegalArgumentException("'%s' cannot be made: %s".formatted(name, e.getCause()), e);
        }
    }

    @Override
    public Flag evaluate(String key, @Nullable String unit, Map<String, Object> attributes) {
        Client asked = client;
        if (asked == null) {
            return new Flag("", "", "the flag source was not started");
        }
        Map<String, Value> values = new HashMap<>();
        attributes.forEach((name, value) -> values.put(name, value(value)));
        FlagEvaluationDetails<String> details = asked.getStringDetails(
                key, "", unit == null ? new ImmutableContext(values) : new ImmutableContext(unit, values));
        if (details.getErrorCode() != null) {
            return new Flag(
                    "",
                    "",
                    details.getErrorMessage() == null
                                    || details.getErrorMessage().isBlank()
                            ? details.getErrorCode().name()
                            : details.getErrorCode() + ": " + details.getErrorMessage());
        }
        String reason = details.getReason() == null ? "UNKNOWN" : details.getReason();
        String why = details.getVariant() == null ? reason : reason + ", variant " + details.getVariant();
        return new Flag(details.getValue() == null ? "" : details.getValue(), why, null);
    }

    private static Value value(Object value) {
        return switch (value) {
            case Boolean truth -> new Value(truth);
            case Long whole -> new Value(whole);
            case Double number -> new Value(number);
            default -> new Value(value.toString());
        };
    }

    @Override
    public void close() {
        OpenFeatureAPI started = own;
        if (started != null) {
            started.shutdown();
        }
    }
}

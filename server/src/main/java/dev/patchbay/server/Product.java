package dev.patchbay.server;

/// What this is.
public final class Product {

    /// The version, as the build stamps it into the jar.
    public static final String VERSION = version();

    private Product() {}

    private static String version() {
        String stamped = Product.class.getPackage().getImplementationVersion();
        return stamped == null ? "development" : stamped;
    }
}

package dev.patchbay.core.routing;

/// One shadow, compiled.
///
/// @param share the sample
/// @param unit the attribute whose value is hashed; `request` means every request by itself
record ShadowRule(String version, Share share, String unit) {

    /// Tells whether a call is in the sample; one without the unit is not.
    boolean takes(RouteQuery query, Attributes attributes) {
        String value = unit.equals(Rule.REQUEST) ? query.requestId() : attributes.find(unit, query);
        return value != null && (share.isWhole() || share.holds(share.hash(value)));
    }
}

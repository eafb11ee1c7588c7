/// Versions decided by flags of an [OpenFeature](https://openfeature.dev) provider.
@NullMarked
package dev.patchbay.flags.openfeature;

import org.jspecify.annotations.NullMarked;

/// Metrics sent to Amazon CloudWatch.
@NullMarked
package dev.patchbay.metrics.cloudwatch;

import org.jspecify.annotations.NullMarked;

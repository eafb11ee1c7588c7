/// What `patchbay.yaml` says under `llm`: providers, models, timeouts, prices and budgets.
@NullMarked
package dev.patchbay.llm.config;

import org.jspecify.annotations.NullMarked;

/// Prompts as modules: a folder with templates and schemas, begin with [dev.patchbay.llm.prompt.LlmKind].
@NullMarked
package dev.patchbay.llm.prompt;

import org.jspecify.annotations.NullMarked;

/// What is said to a model and what comes back, whoever runs the model.
@NullMarked
package dev.patchbay.llm.chat;

import org.jspecify.annotations.NullMarked;

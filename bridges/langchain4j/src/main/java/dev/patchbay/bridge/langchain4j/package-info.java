/// Models of LangChain4j as providers of prompts: the long tail that this project speaks to by no client of its own.
@NullMarked
package dev.patchbay.bridge.langchain4j;

import org.jspecify.annotations.NullMarked;

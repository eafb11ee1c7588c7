package dev.patchbay.llm.fake;

import java.util.List;

/// An answer in the words of one wire format.
interface Wording {

    /// Gives the whole answer.
    String whole();

    /// Gives the whole answer, but without its finish reason.
    String withoutFinish();

    /// Gives the body of an error status.
    String error();

    /// Gives an error that comes in place of an answer.
    String errorInside();

    /// Gives the events before the first token.
    List<String> opening();

    String token(String text);

    /// Gives the events after the last token.
    List<String> closing(Fault fault);
}

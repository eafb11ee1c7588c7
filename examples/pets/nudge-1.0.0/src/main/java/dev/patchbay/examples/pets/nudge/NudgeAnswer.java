package dev.patchbay.examples.pets.nudge;

import dev.patchbay.api.Description;
import java.util.List;
import java.util.Optional;

/// What to tell the owner, if anything.
@Description("What to tell the owner, if anything")
public record NudgeAnswer(
        @Description("Whether to tell the owner something") boolean send,

        @Description("A notification's title; there is none if nothing is sent")
        Optional<String> title,

        @Description("A notification's text; there is none if nothing is sent")
        Optional<String> text,

        @Description("What was found out, also if nothing is sent")
        List<String> because) {}

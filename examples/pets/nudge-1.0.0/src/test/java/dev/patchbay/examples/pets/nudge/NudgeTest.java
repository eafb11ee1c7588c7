package dev.patchbay.examples.pets.nudge;

import dev.patchbay.testkit.junit.ModuleChecks;
import dev.patchbay.testkit.junit.ModuleTest;

@ModuleTest(with = {"../behavior-score-3.0.0", "../feeding-insight-1.0.0"})
class NudgeTest implements ModuleChecks {}

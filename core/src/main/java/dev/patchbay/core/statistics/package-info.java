/// Tests that may be looked at after every call and are still right: is a version worse than the one beside it?
///
/// A test with a fixed sample that is looked at each minute finds a difference sooner or later where there is none.
/// What is here is *anytime-valid*: the chance that a healthy version is ever found worse is at most `alpha`, however
/// often and however long one looks. Everything is pure and of one thread; nothing here knows of modules or calls.
///
/// | question | class | source |
/// |---|---|---|
/// | does it fail more often? | [ErrorShareTest] | Ville (1939); Shafer, Vovk (2019); Hoeffding (1963) |
/// | is a mean another one? | [MeanDifference] | Waudby-Smith, Arbour, Sinha, Kennedy, Ramdas (2024) |
/// | does it crash? | [CrashBreaker] | a plain limit, on purpose |
/// | are calls split as configured? | [SampleRatio] | Pearson (1900); Fabijan et al. (2019) |
/// | how large is a share, about? | [Wilson] | Wilson (1927); Newcombe (1998) |
@NullMarked
package dev.patchbay.core.statistics;

import org.jspecify.annotations.NullMarked;

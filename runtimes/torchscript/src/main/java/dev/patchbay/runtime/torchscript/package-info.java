/// Runs TorchScript models with PyTorch, whose native libraries are loaded once, by the host.
@NullMarked
package dev.patchbay.runtime.torchscript;

import org.jspecify.annotations.NullMarked;

package dev.patchbay.examples.pets.collar;

/// Who wears a collar, written as in JSON.
public enum Species {
    dog,
    cat
}

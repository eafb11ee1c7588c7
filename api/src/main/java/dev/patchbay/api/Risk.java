package dev.patchbay.api;

/// The harm that a wrong answer can do; policies for review and record-keeping key on it.
public enum Risk {
    /// A wrong answer is noticed and costs nothing.
    MINIMAL,
    /// A wrong answer annoys.
    LIMITED,
    /// A wrong answer hurts somebody's health, money, rights or safety.
    HIGH
}

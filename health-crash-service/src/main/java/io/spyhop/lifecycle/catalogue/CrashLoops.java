package io.spyhop.lifecycle.catalogue;

import java.util.Collection;
import java.util.Map;

/** Knows which workloads crash over and over. Thread-safe. */
public interface CrashLoops {
    /** Of these workloads those that crash over and over at present, and how often of late. */
    Map<String, Integer> loops(Collection<String> workloads);
}

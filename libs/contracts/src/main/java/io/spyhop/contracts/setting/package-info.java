/**
 * The settings that several services share, what every setting is checked with, and the check itself: a process refuses
 * to start on a {@code spyhop.*} setting that nobody knows or on a value that does not fit, and says where it stands.
 * Each service declares its own settings in {@code @ConfigMapping} interfaces beside the code that uses them. The list
 * of all settings of all services is generated from these interfaces, so that every process knows the others' too.
 */
@NullMarked
package io.spyhop.contracts.setting;

import org.jspecify.annotations.NullMarked;

package io.spyhop.e2e;

import static java.util.Comparator.comparing;

import java.util.List;
import org.junit.jupiter.api.ClassDescriptor;
import org.junit.jupiter.api.ClassOrderer;
import org.junit.jupiter.api.ClassOrdererContext;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Runs the classes with a Spyhop of their own before those that share one, which watches whatever runs on the engine
 * and would store what the others' containers write as well.
 */
final class OwnFirst implements ClassOrderer {
    @Override
    public void orderClasses(ClassOrdererContext context) {
        context.getClassDescriptors().sort(comparing(OwnFirst::shares));
    }

    private static boolean shares(ClassDescriptor type) {
        return type.findRepeatableAnnotations(ExtendWith.class).stream()
                .anyMatch(extended -> List.of(extended.value()).contains(Shared.class));
    }
}

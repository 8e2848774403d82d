package io.spyhop.lifecycle.catalogue;

import io.spyhop.contracts.workload.InstanceStatus;
import io.spyhop.contracts.workload.Kind;
import jakarta.persistence.AttributeConverter;
import jakarta.persistence.Converter;
import org.jspecify.annotations.Nullable;

/** Enums stand in the database by the name that they have on the wire. */
final class WireNames {
    private WireNames() {}

    @Converter
    static class OfKind implements AttributeConverter<Kind, String> {
        @Override
        public @Nullable String convertToDatabaseColumn(@Nullable Kind kind) {
            return kind == null ? null : kind.wire();
        }

        @Override
        public @Nullable Kind convertToEntityAttribute(@Nullable String wire) {
            return wire == null ? null : Kind.of(wire);
        }
    }

    @Converter
    static class OfStatus implements AttributeConverter<InstanceStatus, String> {
        @Override
        public @Nullable String convertToDatabaseColumn(@Nullable InstanceStatus status) {
            return status == null ? null : status.wire();
        }

        @Override
        public @Nullable InstanceStatus convertToEntityAttribute(@Nullable String wire) {
            return wire == null ? null : InstanceStatus.of(wire);
        }
    }
}

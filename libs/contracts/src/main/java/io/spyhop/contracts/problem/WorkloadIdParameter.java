package io.spyhop.contracts.problem;

import io.spyhop.contracts.WorkloadId;
import jakarta.ws.rs.ext.ParamConverter;
import jakarta.ws.rs.ext.ParamConverterProvider;
import jakarta.ws.rs.ext.Provider;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

/** Reads workload ids in paths. What is no id names no workload: the answer is the same as for one that never was. */
@Provider
public class WorkloadIdParameter implements ParamConverterProvider {
    @Override
    @SuppressWarnings("unchecked")
    public <T> @Nullable ParamConverter<T> getConverter(Class<T> raw, Type generic, Annotation[] annotations) {
        return raw == WorkloadId.class ? (ParamConverter<T>) new Converter() : null;
    }

    private static final class Converter implements ParamConverter<WorkloadId> {
        @Override
        public WorkloadId fromString(String text) {
            if (!WorkloadId.isValid(text)) {
                throw SpyhopException.workloadUnknown();
            }
            return new WorkloadId(text);
        }

        @Override
        public String toString(WorkloadId id) {
            return id.value();
        }
    }
}

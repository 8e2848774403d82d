package io.spyhop.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests the one Spyhop that all of them share ({@link Api}, {@link Spyhop}) and containers of their own class
 * ({@link Containers}). After each class it fails when Spyhop logged an error meanwhile.
 */
final class Shared implements ParameterResolver, AfterAllCallback {
    private static final Namespace NAMESPACE = Namespace.create(Shared.class);

    /** The shared process; closed by JUnit after the last test. */
    static final class Product implements AutoCloseable {
        private final Spyhop spyhop = new Spyhop("shared", Engine.ofThisMachine());
        private int errorsSeen;

        Product() {
            try {
                spyhop.start();
            } catch (RuntimeException | Error e) {
                spyhop.close();
                throw e;
            }
        }

        @Override
        public void close() {
            spyhop.close();
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == Api.class || type == Spyhop.class || type == Containers.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        if (type == Containers.class) {
            return ofClass(context)
                    .getStore(NAMESPACE)
                    .getOrComputeIfAbsent(
                            Containers.class, key -> new Containers(Engine.ofThisMachine()), Containers.class);
        }
        Spyhop spyhop = product(context).spyhop;
        return type == Api.class ? spyhop.api() : spyhop;
    }

    @Override
    public void afterAll(ExtensionContext context) {
        Product product = product(context);
        int seen = product.errorsSeen;
        product.errorsSeen = product.spyhop.errors().size();
        assertThat(product.spyhop.errors().subList(seen, product.errorsSeen))
                .as("errors that Spyhop logged meanwhile")
                .isEmpty();
    }

    private static ExtensionContext ofClass(ExtensionContext context) {
        ExtensionContext current = context;
        while (current.getTestMethod().isPresent()) {
            current = current.getParent().orElseThrow();
        }
        return current;
    }

    private static Product product(ExtensionContext context) {
        return context.getRoot()
                .getStore(NAMESPACE)
                .getOrComputeIfAbsent(Product.class, key -> new Product(), Product.class);
    }
}

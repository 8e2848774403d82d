package io.spyhop.gateway.door;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.problem.ErrorCode;
import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.contracts.trace.CurrentTrace;
import io.spyhop.contracts.trace.TraceContext;
import io.spyhop.contracts.workload.Workload;
import io.spyhop.gateway.audit.AuditLog;
import io.spyhop.gateway.proxy.PortProxy;
import io.spyhop.gateway.request.Answers;
import io.spyhop.gateway.request.JsonBody;
import io.spyhop.gateway.request.Remote;
import io.spyhop.gateway.scope.Caller;
import io.spyhop.gateway.scope.Scope;
import io.spyhop.gateway.services.Services;
import io.spyhop.gateway.token.Access;
import io.spyhop.gateway.token.FailedSignIns;
import io.spyhop.gateway.token.SessionResource;
import io.vertx.core.Context;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.VertxException;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The one way in. What it does not need to wait for it does on the event loop; the caller and the workload are asked for
 * on a virtual thread. An alias address is resolved and routed again as the canonical one, and so is that of a run's lines, so that
 * everything behind the door knows only that. Errors of any handler, and of none, come back here and leave as problems. Thread-safe.
 */
@ApplicationScoped
class Door {
    /** Before and after everything that Quarkus or a resource adds to the router. */
    private static final int FIRST = -100_000;

    private static final int LAST = Integer.MAX_VALUE;

    private static final Set<String> HEALTH = Set.of("/healthz", "/readyz");
    private static final Set<String> OPEN_FILES = Set.of(
            "/",
            "/index.html",
            "/app.js",
            "/lines.js",
            "/search.js",
            "/crashes.js",
            "/usage.js",
            "/health.js",
            "/ports.js",
            "/jobs.js",
            "/runs.js",
            "/control.js",
            "/open.js",
            "/app.css",
            "/favicon.svg",
            "/openapi",
            "/swagger-ui");
    private static final Set<HttpMethod> SAFE = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);
    private static final String BEARER = "bearer ";

    private final Access access;
    private final FailedSignIns failures;
    private final AuditLog audit;
    private final Services services;
    private final PortProxy ports;
    private final HeadDeadline deadline;
    private final Hosts hosts;
    private final RunLogs runLogs;
    private final RecentWorkloads workloads = new RecentWorkloads(System::nanoTime);

    @Inject
    Door(
            Access access,
            FailedSignIns failures,
            AuditLog audit,
            Services services,
            PortProxy ports,
            HeadDeadline deadline,
            HttpConfig config) {
        this.access = access;
        this.failures = failures;
        this.audit = audit;
        this.services = services;
        this.ports = ports;
        this.deadline = deadline;
        this.runLogs = new RunLogs(services::jobs);
        this.hosts =
                new Hosts(Stream.concat(Stream.of(ports.baseHost()), config.allowedHosts().orElse(List.of()).stream())
                        .toList());
    }

    void install(@Observes Router router) {
        router.route().order(FIRST).handler(this::enter).failureHandler(Door::failed);
        router.route().order(LAST).handler(Door::nothing);
    }

    private void enter(RoutingContext context) {
        deadline.passed(context.request());
        try {
            if (ports.take(context)) {
                // A container's affair: nothing of this origin is served there, and nothing of the container here.
                return;
            }
            HttpServerRequest request = context.request();
            trace(context);
            RequestPath path = RequestPath.parse(request.uri());
            Headers.put(context.response().headers(), path);
            if (path.startsWith("api") && !SAFE.contains(request.method())) {
                audit.watch(context, path.path());
            }
            if (!HEALTH.contains(path.path())) {
                hosts.check(request);
            }
            checkBody(request);
            if (!isServed(path)) {
                throw new SpyhopException(ErrorCode.NOT_FOUND, "there is nothing at that address");
            }
            if (isOpen(request.method(), path)) {
                checkOrigin(request, false);
                context.next();
            } else {
                ask(context, path);
            }
        } catch (RuntimeException e) {
            Headers.put(context.response().headers(), null);
            Answers.problem(context, e);
        }
    }

    /** Goes on with the caller's trace or begins one. What is behind the door may believe the headers. */
    private static void trace(RoutingContext context) {
        MultiMap headers = context.request().headers();
        TraceContext trace = TraceContext.parse(
                        headers.getAll(TraceContext.HEADER), headers.getAll(TraceContext.STATE_HEADER))
                .orElseGet(TraceContext::begin);
        headers.set(TraceContext.HEADER, trace.traceparent()).remove(TraceContext.STATE_HEADER);
        if (trace.state() != null) {
            headers.set(TraceContext.STATE_HEADER, trace.state());
        }
        Scope.admit(context, trace);
        context.response().putHeader(Answers.TRACE, trace.traceId());
    }

    /** Asks for caller and workload without holding the event loop. */
    private void ask(RoutingContext context, RequestPath path) {
        Context loop = Vertx.currentContext();
        context.request().pause();
        Thread.ofVirtual().name("spyhop-door").start(() -> {
            Runnable outcome;
            try {
                outcome = CurrentTrace.call(Scope.trace(context), () -> admit(context, path));
            } catch (RuntimeException e) {
                outcome = () -> Answers.problem(context, e);
            }
            Runnable answer = outcome;
            loop.runOnContext(nothing -> answer.run());
        });
    }

    private Runnable admit(RoutingContext context, RequestPath path) {
        HttpServerRequest request = context.request();
        Caller caller = Scope.knownCaller(context).orElseGet(() -> caller(request));
        Scope.admit(context, caller);
        Optional<Address> address = Address.of(path);
        if (address.isEmpty() || Scope.isRun(context)) {
            return context::next;
        }
        Workload workload = Scope.knownWorkload(context)
                .orElseGet(() -> workloads.find(address.get(), caller, services.workloads()));
        if (!caller.sees(workload.org())) {
            throw SpyhopException.workloadUnknown();
        }
        boolean app = Scope.isApp(context) || path.startsWith("api", "v1", "apps");
        Scope.admit(context, workload, app);
        if (!(address.get() instanceof Address.Canonical)) {
            return reroute(context, path, workload.id(), address.get().rest());
        }
        Optional<RunLogs.Found> lines = runLogs.find(path, workload.id());
        if (lines.isEmpty()) {
            return context::next;
        }
        Scope.admit(context, lines.get().run());
        return reroute(context, path, lines.get().run(), lines.get().rest());
    }

    private static Runnable reroute(RoutingContext context, RequestPath path, WorkloadId workload, String rest) {
        String query = path.query() == null ? "" : "?" + path.query();
        String canonical = Address.CANONICAL + workload + rest + query;
        return () -> context.reroute(canonical);
    }

    private Caller caller(HttpServerRequest request) {
        String header = request.getHeader(HttpHeaders.AUTHORIZATION);
        if (header != null) {
            boolean bearer = header.toLowerCase(Locale.ROOT).startsWith(BEARER);
            checkOrigin(request, false);
            String remote = Remote.of(request);
            Caller caller = (bearer
                            ? access.byToken(header.substring(BEARER.length()).strip())
                            : Optional.<Caller>empty())
                    .orElseThrow(() -> failures.refusal(remote, "the token is not valid"));
            failures.cleared(remote);
            return caller;
        }
        Cookie cookie = request.getCookie(SessionResource.COOKIE);
        if (cookie == null) {
            throw new SpyhopException(
                    ErrorCode.TOKEN_MISSING, "send a token as Authorization: Bearer, or sign in for a cookie");
        }
        Caller caller = access.bySession(cookie.getValue())
                .orElseThrow(() -> new SpyhopException(ErrorCode.TOKEN_INVALID, "the session has ended"));
        checkOrigin(request, true);
        return caller;
    }

    /**
     * A browser sends the cookie along with whatever another site makes it ask for; the origin tells.
     *
     * @param cookie whether a cookie alone says who it is, so that not to tell the origin is wrong too
     */
    private void checkOrigin(HttpServerRequest request, boolean cookie) {
        if (SAFE.contains(request.method()) && !isWebSocket(request)) {
            return;
        }
        Boolean same = hosts.sameOrigin(request);
        if (same == null ? cookie : !same) {
            throw new SpyhopException(
                    ErrorCode.ORIGIN_FOREIGN, "a request with a cookie that changes something needs this Origin");
        }
    }

    private static boolean isWebSocket(HttpServerRequest request) {
        return "websocket".equalsIgnoreCase(request.getHeader(HttpHeaders.UPGRADE));
    }

    private static void checkBody(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        if (length == null) {
            return;
        }
        if (!length.chars().allMatch(c -> c >= '0' && c <= '9') || length.isEmpty()) {
            throw SpyhopException.parameter("Content-Length", "a whole number");
        }
        if (length.length() > 18 || Long.parseLong(length) > JsonBody.BYTES_MAX) {
            throw new SpyhopException(ErrorCode.BODY_TOO_LARGE, "at most " + JsonBody.BYTES_MAX + " bytes");
        }
    }

    private static boolean isOpen(HttpMethod method, RequestPath path) {
        if (path.path().equals(SessionResource.PATH)) {
            return method.equals(HttpMethod.POST);
        }
        return !isGuarded(path);
    }

    /** Nothing else of what runs in this process is served here: no internal resource, no page of a framework. */
    private static boolean isServed(RequestPath path) {
        return isGuarded(path)
                || HEALTH.contains(path.path())
                || OPEN_FILES.contains(path.path())
                || path.startsWith("swagger-ui");
    }

    private static boolean isGuarded(RequestPath path) {
        return path.startsWith("api") || path.startsWith("metrics");
    }

    private static void failed(RoutingContext context) {
        Throwable failure = context.failure();
        if (failure instanceof VertxException && context.statusCode() == ErrorCode.PARAMETER_INVALID.status()) {
            // The router's own words for it.
            Answers.problem(context, SpyhopException.parameter("Host", "the name of this server"));
        } else if (failure == null || failure instanceof io.vertx.ext.web.handler.HttpException) {
            ErrorCode code = ErrorCode.ofStatus(context.statusCode() <= 0 ? 500 : context.statusCode());
            Answers.problem(context, new SpyhopException(code, code.title(), failure));
        } else {
            Answers.problem(context, failure);
        }
    }

    private static void nothing(RoutingContext context) {
        Answers.problem(context, new SpyhopException(ErrorCode.NOT_FOUND, "there is nothing at that address"));
    }

    /** Headers of every answer. */
    private static final class Headers {
        private static final String STRICT = "default-src 'self'; frame-ancestors 'none'; base-uri 'none';"
                + " form-action 'self'; object-src 'none'";
        // The page of Swagger UI has its start in an inline script.
        private static final String SWAGGER = "default-src 'self'; frame-ancestors 'none'; img-src 'self' data:;"
                + " script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'";

        static void put(MultiMap headers, @Nullable RequestPath path) {
            headers.set("Content-Security-Policy", path != null && path.startsWith("swagger-ui") ? SWAGGER : STRICT)
                    .set("X-Content-Type-Options", "nosniff")
                    .set("X-Frame-Options", "DENY")
                    .set("Referrer-Policy", "no-referrer")
                    .set("Cross-Origin-Resource-Policy", "same-origin");
            boolean file = path != null && !path.startsWith("api") && !path.startsWith("metrics");
            headers.set("Cache-Control", file ? "no-cache" : "no-store");
        }
    }
}

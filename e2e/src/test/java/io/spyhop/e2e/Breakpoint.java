package io.spyhop.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jdi.Bootstrap;
import com.sun.jdi.ReferenceType;
import com.sun.jdi.VMDisconnectedException;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.connect.AttachingConnector;
import com.sun.jdi.connect.Connector;
import com.sun.jdi.connect.IllegalConnectorArgumentsException;
import com.sun.jdi.event.BreakpointEvent;
import com.sun.jdi.event.ClassPrepareEvent;
import com.sun.jdi.event.Event;
import com.sun.jdi.event.EventSet;
import com.sun.jdi.request.BreakpointRequest;
import com.sun.jdi.request.ClassPrepareRequest;
import com.sun.jdi.request.EventRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;

/** Stops every thread of a running Spyhop at the beginning of a method: a place where it can then be killed exactly. */
final class Breakpoint implements AutoCloseable {
    private final VirtualMachine machine;
    private final String method;

    private Breakpoint(VirtualMachine machine, String method) {
        this.machine = machine;
        this.method = method;
    }

    /** Sets it in a class, as soon as that is loaded. */
    static Breakpoint at(int port, String type, String method) {
        AttachingConnector connector = Bootstrap.virtualMachineManager().attachingConnectors().stream()
                .filter(each -> each.transport().name().equals("dt_socket"))
                .findFirst()
                .orElseThrow();
        Map<String, Connector.Argument> arguments = connector.defaultArguments();
        arguments.forEach((name, argument) -> {
            switch (name) {
                case "hostname" -> argument.setValue("127.0.0.1");
                case "port" -> argument.setValue(Integer.toString(port));
                default -> {}
            }
        });
        try {
            VirtualMachine machine = connector.attach(arguments);
            Breakpoint breakpoint = new Breakpoint(machine, method);
            ClassPrepareRequest request = machine.eventRequestManager().createClassPrepareRequest();
            request.addClassFilter(type);
            request.setSuspendPolicy(EventRequest.SUSPEND_ALL);
            request.enable();
            machine.classesByName(type).forEach(breakpoint::set);
            return breakpoint;
        } catch (IOException | IllegalConnectorArgumentsException e) {
            throw new AssertionError("no debugger at port " + port, e);
        }
    }

    private void set(ReferenceType type) {
        BreakpointRequest request = machine.eventRequestManager()
                .createBreakpointRequest(type.methodsByName(method).getFirst().location());
        request.setSuspendPolicy(EventRequest.SUSPEND_ALL);
        request.enable();
    }

    /** Waits until a thread arrives; from then on nothing runs. */
    void await(Duration patience) {
        try {
            boolean arrived = false;
            while (!arrived) {
                EventSet events = machine.eventQueue().remove(patience.toMillis());
                assertThat(events).as("somebody came to the breakpoint").isNotNull();
                for (Event event : events) {
                    if (event instanceof ClassPrepareEvent prepared) {
                        set(prepared.referenceType());
                    } else {
                        assertThat(event).isInstanceOf(BreakpointEvent.class);
                        arrived = true;
                    }
                }
                if (!arrived) {
                    events.resume();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        try {
            machine.dispose();
        } catch (VMDisconnectedException e) {
            // It was killed.
        }
    }
}

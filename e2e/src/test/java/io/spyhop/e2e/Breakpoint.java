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
import com.sun.jdi.event.Event;
import com.sun.jdi.event.EventSet;
import com.sun.jdi.request.BreakpointRequest;
import com.sun.jdi.request.EventRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;

/** Stops every thread of a running Spyhop at the beginning of a method: a place where it can then be killed exactly. */
final class Breakpoint implements AutoCloseable {
    private final VirtualMachine machine;

    private Breakpoint(VirtualMachine machine) {
        this.machine = machine;
    }

    /** Sets it in a class that has been loaded already. */
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
            ReferenceType found = machine.classesByName(type).getFirst();
            BreakpointRequest request = machine.eventRequestManager()
                    .createBreakpointRequest(
                            found.methodsByName(method).getFirst().location());
            request.setSuspendPolicy(EventRequest.SUSPEND_ALL);
            request.enable();
            return new Breakpoint(machine);
        } catch (IOException | IllegalConnectorArgumentsException e) {
            throw new AssertionError("no debugger at port " + port, e);
        }
    }

    /** Waits until a thread arrives; from then on nothing runs. */
    void await(Duration patience) {
        try {
            EventSet events = machine.eventQueue().remove(patience.toMillis());
            assertThat(events).as("somebody came to the breakpoint").isNotNull();
            for (Event event : events) {
                assertThat(event).isInstanceOf(BreakpointEvent.class);
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

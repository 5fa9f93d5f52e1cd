package io.groupmembership.sidecar.command;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * POSIX signals, coming in and going out.
 *
 * <p>The only way to hear of a signal in Java is {@code sun.misc.Signal} in the module jdk.unsupported; the compiler
 * warns of every mention and can't be told not to, so it is reached by reflection.
 */
public enum Signals {
    HUP(1, true),
    INT(2, true),
    TERM(15, true),
    /** The member is fenced. */
    USR1(onMac() ? 30 : 10, false),
    /**
     * The member is one again. Not SIGUSR2: that would end a command that expects neither, at the very moment at which all
     * is well, and a Java runtime needs it for itself.
     */
    CONT(onMac() ? 19 : 18, false);

    private final int number;
    private final boolean heard;

    Signals(int number, boolean heard) {
        this.number = number;
        this.heard = heard;
    }

    private static boolean onMac() {
        return System.getProperty("os.name").startsWith("Mac");
    }

    /** What a shell calls the exit code of a process that the signal has ended. */
    public int exitCode() {
        return 128 + number;
    }

    /**
     * Hands every signal that ends processes to the listener, on a thread of the runtime, in place of what the runtime would
     * do. A signal that whoever started this process wants ignored (nohup) stays ignored.
     */
    public static void listen(Consumer<Signals> listener) {
        try {
            Class<?> signalClass = Class.forName("sun.misc.Signal");
            Class<?> handlerClass = Class.forName("sun.misc.SignalHandler");
            for (Signals signal : values()) {
                if (!signal.heard) {
                    continue;
                }
                Object handler = Proxy.newProxyInstance(
                        handlerClass.getClassLoader(), new Class<?>[] {handlerClass}, (proxy, method, arguments) -> {
                            if (method.getName().equals("handle")) {
                                listener.accept(signal);
                                return null;
                            }
                            return method.invoke(signal, arguments);
                        });
                Object kind = signalClass.getConstructor(String.class).newInstance(signal.name());
                try {
                    signalClass.getMethod("handle", signalClass, handlerClass).invoke(null, kind, handler);
                } catch (InvocationTargetException e) {
                    if (!(e.getCause() instanceof IllegalArgumentException)) {
                        throw e;
                    }
                }
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the runtime lacks the module jdk.unsupported", e);
        }
    }

    /** Sends this signal to a process. */
    @SuppressWarnings("restricted")
    void send(long pid) throws IOException {
        try {
            Linker linker = Linker.nativeLinker();
            MethodHandle kill = linker.downcallHandle(
                    linker.defaultLookup().findOrThrow("kill"),
                    FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
            int result = (int) kill.invokeExact((int) pid, number);
            if (result != 0) {
                throw new IOException("the process " + pid + " is not there any more");
            }
        } catch (IOException e) {
            throw e;
        } catch (Throwable e) {
            throw new IOException("the signal " + name() + " could not be sent", e);
        }
    }

    /**
     * Whether this process belongs to the foreground of a terminal. Then Ctrl-C reaches its children by itself, and
     * must not be passed on a second time: many programs take the second one as an order to drop everything.
     */
    static boolean terminalSignalsChildren() {
        try {
            String stat = Files.readString(Path.of("/proc/self/stat"));
            // after the command's name in parentheses: state, parent, process group, session, terminal, its foreground
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", 7);
            return fields.length > 5 && fields[2].equals(fields[5]);
        } catch (IOException e) {
            return false;
        }
    }
}

package com.pelagicore.softwarecontainer.gateway.cgroups;

import com.pelagicore.softwarecontainer.error.Quoted;
import com.pelagicore.softwarecontainer.gateway.ConfigElement;
import com.pelagicore.softwarecontainer.gateway.InvalidGatewayConfig;
import com.pelagicore.softwarecontainer.spec.CgroupSetting;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads one element of the cgroups gateway; values of well-known keys are checked. */
final class CgroupsConfig {

    /** Controller, dot, the rest: {@code hugetlb.2MB.max}. */
    private static final Pattern KEY = Pattern.compile("[a-z0-9_]+(\\.[A-Za-z0-9_]+)+");

    private static final Set<String> BYTES = Set.of(
            "memory.limit_in_bytes", "memory.memsw.limit_in_bytes", "memory.max", "memory.swap.max", "memory.high");

    /** Processes and the freezer are the agent's business. */
    private static final List<String> NOT_SETTINGS = List.of("cgroup.", "freezer.");

    private static final Pattern SIZE = Pattern.compile("(\\d+)([kKmMgG]?)");
    private static final Pattern NUMBER = Pattern.compile("\\d+");
    private static final Pattern CLASS_ID = Pattern.compile("0x[0-9a-fA-F]{5,8}");
    private static final Pattern CPU_MAX = Pattern.compile("(max|\\d{1,18})( \\d{1,18})?");
    private static final Pattern QUOTA = Pattern.compile("-1|\\d{1,18}");
    private static final Pattern PERIOD = Pattern.compile("\\d{1,18}");

    private CgroupsConfig() {}

    static boolean largerWins(String key) {
        return BYTES.contains(key) || key.equals("cpu.shares") || key.equals("cpu.weight");
    }

    static CgroupSetting of(ConfigElement element) {
        String key = element.text("setting");
        if (!KEY.matcher(key).matches()) {
            throw element.refuse(
                    "'setting' must be the name of a key as 'memory.limit_in_bytes', not " + Quoted.text(key));
        }
        if (NOT_SETTINGS.stream().anyMatch(key::startsWith)) {
            throw element.refuse("'setting' '" + key + "' is no limit but moves or stops processes");
        }
        return new CgroupSetting(key, value(key, element));
    }

    private static String value(String key, ConfigElement element) {
        String value = element.text("value");
        if (BYTES.contains(key)) {
            return bytes(key, value, element);
        }
        switch (key) {
            case "cpu.shares" -> requireNumber(key, value, 2, Long.MAX_VALUE, element);
            case "cpu.weight" -> requireNumber(key, value, 1, 10_000, element);
            case "blkio.weight" -> requireNumber(key, value, 10, 1_000, element);
            case "io.weight" -> requireNumber(key, value, 1, 10_000, element);
            case "net_cls.classid" -> requireClassId(value, element);
            case "cpu.max" -> require(CPU_MAX, key, value, "'QUOTA PERIOD' in microseconds or 'max'", element);
            case "cpu.cfs_quota_us" -> require(QUOTA, key, value, "microseconds or -1", element);
            case "cpu.cfs_period_us" -> require(PERIOD, key, value, "microseconds", element);
            default -> requireLine(key, value, element);
        }
        return value;
    }

    /** In bytes; unlimited is {@code max} for the keys of either version. */
    private static String bytes(String key, String value, ConfigElement element) {
        if (value.equals("max") || value.equals("-1")) {
            return CgroupSetting.UNLIMITED;
        }
        Matcher size = SIZE.matcher(value);
        if (!size.matches()) {
            throw element.refuse("'value' of " + key + " must be bytes, as '1048576' or '1M' with k, m or g, or 'max',"
                    + " not " + Quoted.text(value));
        }
        int shift =
                switch (size.group(2).toLowerCase(Locale.ROOT)) {
                    case "k" -> 10;
                    case "m" -> 20;
                    case "g" -> 30;
                    default -> 0;
                };
        long number = number(key, value, size.group(1), element);
        if (number > Long.MAX_VALUE >> shift) {
            throw tooLarge(key, value, element);
        }
        return Long.toString(number << shift);
    }

    /** {@code digits} are nothing but digits. */
    private static long number(String key, String value, String digits, ConfigElement element) {
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException e) {
            throw tooLarge(key, value, element);
        }
    }

    private static InvalidGatewayConfig tooLarge(String key, String value, ConfigElement element) {
        return element.refuse("'value' of " + key + " is too large: " + Quoted.text(value));
    }

    private static void requireNumber(String key, String value, long least, long most, ConfigElement element) {
        require(NUMBER, key, value, "an integer, " + least + " or more", element);
        long number = number(key, value, value, element);
        if (number < least) {
            throw element.refuse("'value' of " + key + " must be an integer, " + least + " or more, not " + value);
        }
        if (number > most) {
            throw tooLarge(key, value, element);
        }
    }

    private static void requireClassId(String value, ConfigElement element) {
        require(CLASS_ID, "net_cls.classid", value, "'0x' with 5 to 8 hexadecimal digits", element);
        if (Long.decode(value) == 0) {
            throw element.refuse("'value' of net_cls.classid must not be 0");
        }
    }

    private static void require(Pattern pattern, String key, String value, String expected, ConfigElement element) {
        if (!pattern.matcher(value).matches()) {
            throw element.refuse("'value' of " + key + " must be " + expected + ", not " + Quoted.text(value));
        }
    }

    private static void requireLine(String key, String value, ConfigElement element) {
        if (value.indexOf('\n') >= 0) {
            throw element.refuse("'value' of " + key + " has more than one line");
        }
    }
}

package good;
import dev.patchbay.api.*;

public record RequestDto(String user_name, boolean isActive, String URLValue, int x1) {}

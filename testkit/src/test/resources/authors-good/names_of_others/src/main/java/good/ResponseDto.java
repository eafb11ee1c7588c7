package good;
import dev.patchbay.api.*;

public record ResponseDto(String user_name, boolean isActive, String URLValue) {}
